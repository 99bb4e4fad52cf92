"""The studies that come with optlab: complete, valid, and told in their comments."""

import pytest

from optlab.core.shipped import folder
from tests.composed import composed

RUNS = {"quickstart": 5 * (6 * 9 + 1 + 6 * 7), "pima": 8 * 13 * 10, "mnist": 2 * 6 * 7 * 5}
FEWER = {"libsvm_convex": ["problem=a9a_logistic,reuters_logistic"]}  # each problem is composed anew
STUDIES = sorted(folder("experiments").glob("*.yaml"))


@pytest.fixture
def jobs(monkeypatch, tmp_path):
    """A function: command line -> configurations of the jobs that would be trained."""
    monkeypatch.chdir(tmp_path)
    return composed


@pytest.mark.parametrize("name", [file.stem for file in STUDIES])
def test_every_run_of_a_study_passes_the_schema(jobs, name):
    configs = jobs(f"experiment={name}", *FEWER.get(name, []))
    assert len(configs) == RUNS.get(name, len(configs)) > 1
    assert {config["experiment"] for config in configs} == {name}


@pytest.mark.parametrize("file", STUDIES, ids=lambda file: file.stem)
def test_a_study_tells_question_expectation_command_and_finding(file):
    comments = [line for line in file.read_text().splitlines() if line.startswith("#")]
    for word in ("Question", "Expectation", "Command", "Finding"):
        assert any(line.startswith(f"# {word}: ") for line in comments), word
    assert f"optlab experiment={file.stem}" in "\n".join(comments)


def test_a_seed_of_the_quickstart_draws_the_split_too(jobs):
    configs = jobs("experiment=quickstart", "optimizer=newton")
    assert [(c["seed"], c["dataset"]["split_seed"]) for c in configs] == [(s, s) for s in range(5)]


def test_a_problem_names_its_data_set_and_its_model(jobs):
    problems = sorted(file.stem for file in (folder("conf") / "problem").glob("*.yaml"))
    configs = jobs("-m", f"problem={','.join(problems)}")
    for problem, config in zip(problems, configs, strict=True):
        data, model = config["dataset"]["name"], config["model"]["name"]
        formula = data == "shifts" and problem in (model, f"noisy_{model}")  # a cost without data
        assert formula or problem == f"{data}_{model}"


def test_the_command_line_beats_the_problem(jobs):
    (config,) = jobs(
        "-m", "problem=digits_mlp", "training.batch_size=8", "model.hidden=[4,4]", "dataset=blobs"
    )
    assert config["training"]["batch_size"] == 8 and config["model"]["hidden"] == [4, 4]
    assert config["dataset"]["name"] == "blobs"
