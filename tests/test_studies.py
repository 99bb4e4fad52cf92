"""The studies run, in a shortened form, and what is kept of them in `results` comes out again."""

import json
from pathlib import Path

import pytest

from optlab.cli.data import about_of, whereabouts
from optlab.runs.schema import Schema
from optlab.store.read import load
from optlab.sweeps import plan, replay
from optlab.sweeps.execute import execute
from optlab.sweeps.plan import Limits
from optlab.sweeps.present import present
from optlab.sweeps.recorded_stacks import random_runs
from tests.committed import excerpt
from tests.composed import composed

ROOT = Path(__file__).parent.parent
STUDIES = sorted(path.stem for path in (ROOT / "experiments").glob("*.yaml"))
FEWER = {"libsvm_convex": ["problem=a9a_logistic"]}
LONG = {"adam_paper_mnist", "libsvm_convex", "mnist", "mnist_classic"}  # every run of them takes seconds
MOST_ROWS = 1_000


def various(name):
    """Configurations of a study: one run for each data set, model and optimizer."""
    configs = composed(f"experiment={name}", "seed=0", *FEWER.get(name, []))
    return {tuple(c[part]["name"] for part in ("dataset", "model", "optimizer")): c for c in configs}.values()


def need(configs):
    for name in {config["dataset"]["name"] for config in configs}:
        if whereabouts(about_of(name)) == "not here":
            pytest.skip(f"needs {name}: optlab-data fetch {name}, or set OPTLAB_DATA_DIR")


def shortened(config):
    data = {**config["dataset"], "max_rows": MOST_ROWS}
    training = {**config["training"], "epochs": None, "max_steps": 2, "record_every": 1}
    return {**config, "dataset": data, "training": training}


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_runs_in_a_shortened_form(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    configs = various(name)
    need(configs)
    execute([(shortened(config), ()) for config in configs], tmp_path / "out", Limits())
    runs = load(tmp_path / "out").runs
    assert len(runs) == len(configs)
    assert set(runs["optimizer"]) == {config["optimizer"]["name"] for config in configs}
    assert runs["steps"].between(1, 2).all()


@pytest.mark.parametrize("name", sorted({*STUDIES} - LONG))
def test_runs_that_are_kept_count_as_present_in_their_folder(name):
    folder, schema = excerpt(name), Schema()
    configs = [schema.canonical(json.loads(config)) for config in load(folder).runs["config"]]
    need(configs)
    runs = plan.runs((config, ()) for config in configs)
    assert len(present(folder, runs)) == len(runs)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] * (name in LONG)) for name in STUDIES]
)
def test_a_run_that_is_kept_comes_out_again(name):
    folder = excerpt(name)
    [record] = random_runs(folder, 1, seed=0)
    need([run.config for run in record.stack.runs])
    assert replay.verify(record, exact=False).mismatches == []
