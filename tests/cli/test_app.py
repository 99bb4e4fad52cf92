"""The command `optlab` end to end, in this process; the report itself is made once."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import yaml

import optlab
from optlab.cli import app
from tests.cli.moons import MOONS, runs

pytestmark = pytest.mark.usefixtures("elsewhere")


def study(folder, text):
    """Write a study of one's own; returns the beginning of the command that trains it."""
    mine = folder / "conf" / "experiment" / "mine.yaml"
    mine.parent.mkdir(parents=True)
    mine.write_text(text)
    return ["-cd", str(mine.parents[1]), "experiment=mine", *MOONS]


@pytest.fixture
def told(monkeypatch):
    """What a report is told to be made with; it is not made."""
    options = {}

    def write(study, out, style):
        options.clear()
        options.update(study.options, style=style)

    monkeypatch.setattr("optlab.report.page.page.write", write)
    return options


def test_the_report_is_made_as_the_section_report_says_and_runs_know_nothing_of_it(told):
    command = ["-m", *MOONS, "optimizer=sgd,adam", "seed=range(3)"]
    asked = [
        "report.style=paper",
        "report.tuning_seeds=[0,2]",
        "report.optimum=0.1",
        "report.metric=final_gap",
    ]
    assert app.run([*command, "hydra.sweep.dir=plain"]) == 0
    assert told == {"style": "notebook"}
    assert app.run([*command, *asked, "hydra.sweep.dir=asked"]) == 0
    assert told == {
        "metric": "final_gap",
        "tuning_seeds": [0, 2],
        "style": "paper",
        "optimum": {"": 0.1},
    }
    same = ["run_id", "config", "overrides", "stack_id"]
    assert runs("plain")[same].equals(runs("asked")[same])


def test_a_study_names_the_seeds_of_its_report(told, elsewhere):
    command = study(
        elsewhere,
        "report: {tuning_seeds: [1]}\nhydra:\n  sweeper:\n    params:\n"
        "      optimizer: sgd,adam\n      seed: range(2)\n",
    )
    assert app.run([*command, "hydra.sweep.dir=out"]) == 0
    assert told["tuning_seeds"] == [1]


def test_a_single_run_writes_a_result_folder_with_a_report(elsewhere, capsys):
    assert app.run([*MOONS, "hydra.run.dir=out"]) == 0
    made = {path.name for path in (elsewhere / "out").iterdir()}
    assert made == {"runs", "trajectories", "provenance.json", "summary.csv", "report"}
    assert "report: out/report/index.html" in capsys.readouterr().out
    assert list(pd.read_parquet("out/runs")["stack_size"]) == [1]


def test_a_sweep_is_one_folder_of_stacks(no_report, elsewhere, capsys):
    assert app.run(["-m", *MOONS, "optimizer=sgd,adam", "optimizer.lr=0.1,1", "seed=0,1"]) == 0
    (folder,) = (elsewhere / "results" / "sweep").iterdir()
    table = runs(folder)
    assert len(table) == 8 and set(table["stack_size"]) == {8}
    assert not [path for path in elsewhere.rglob("*") if path.suffix in (".log", ".yaml")]
    shown = capsys.readouterr().out
    assert "8/8 runs" in shown and "moons" in shown and "adam" in shown


def test_the_same_command_into_the_same_folder_trains_only_what_is_missing(no_report, capsys):
    command = ["-m", *MOONS, "hydra.sweep.dir=out"]
    assert app.run([*command, "optimizer.lr=0.1,1"]) == 0
    assert app.run([*command, "optimizer.lr=0.1,1,2"]) == 0
    assert "3 runs, 2 in the folder already; 1 stack to train" in capsys.readouterr().out
    assert sorted(runs("out")["lr"]) == [0.1, 1.0, 2.0]


def test_a_study_is_a_sweep_even_without_m(no_report, elsewhere):
    assert (
        app.run(
            [
                "experiment=quickstart",
                "problem=breast_cancer_logistic",
                "optimizer=sgd",
                "training.max_steps=2",
            ]
        )
        == 0
    )
    (folder,) = (elsewhere / "results" / "quickstart").iterdir()
    table = runs(folder)
    assert len(table) > 1 and set(table["optimizer"]) == {"sgd"}
    assert {json.loads(config)["experiment"] for config in table["config"]} == {"quickstart"}


def test_the_command_line_replaces_adds_and_drops_axes(no_report, elsewhere):
    command = study(
        elsewhere,
        "hydra:\n  sweeper:\n    params:\n      optimizer: sgd,momentum\n"
        "      optimizer.lr: ${logspace:0.1,1,3}\n      seed: range(2)\n",
    )

    def trained(*overrides):
        assert app.run([*command, f"hydra.sweep.dir={len(list(elsewhere.iterdir()))}", *overrides]) == 0
        return runs(elsewhere / str(len(list(elsewhere.iterdir())) - 1))

    assert len(trained()) == 2 * 3 * 2
    assert set(trained("optimizer.lr=0.5")["lr"]) == {0.5}
    assert len(trained("model.l2=0,0.1")) == 2 * 2 * 3 * 2
    assert set(trained("~hydra.sweeper.params.seed")["seed"]) == {0}
    assert set(trained("~hydra.sweeper.params.optimizer.lr")["lr"]) == {0.01}
    assert len(trained("optimizer=momentum", "optimizer.momentum=0.5")) == 3 * 2


def test_an_option_of_a_swept_choice_needs_no_tricks(no_report):
    assert (
        app.run(
            ["-m", *MOONS, "optimizer=momentum,nesterov", "optimizer.momentum=0.5", "hydra.sweep.dir=out"]
        )
        == 0
    )
    assert {json.loads(config)["optimizer"]["momentum"] for config in runs("out")["config"]} == {0.5}


def test_an_axis_may_be_given_as_logspace(no_report):
    assert app.run(["-m", *MOONS, "optimizer.lr=${logspace:0.01,1,3}", "hydra.sweep.dir=out"]) == 0
    assert sorted(runs("out")["lr"]) == [0.01, 0.1, 1.0]


def test_the_basic_launcher_writes_a_folder_for_every_job(no_report, elsewhere):
    assert app.run(["-m", *MOONS, "seed=0,1", "hydra/launcher=basic", "hydra.sweep.dir=out"]) == 0
    assert {path.parent.name for path in elsewhere.rglob("runs")} == {"0", "1"}
    assert len(runs("out")) == 2


def needs(plugin):
    some = importlib.util.find_spec("hydra_plugins")
    missing = some is None or importlib.util.find_spec(f"hydra_plugins.{plugin}") is None
    return pytest.mark.skipif(missing, reason=f"{plugin} is not installed")


@needs("hydra_joblib_launcher")
@pytest.mark.filterwarnings("default")  # of Hydra in the launcher's workers
def test_the_joblib_launcher_trains_every_job_in_a_process_of_its_own(no_report, elsewhere):
    command = ["-m", *MOONS, "seed=0,1", "hydra/launcher=joblib", "hydra.launcher.n_jobs=2"]
    assert app.run([*command, "hydra.sweep.dir=out"]) == 0
    assert sorted(path.parent.name for path in elsewhere.rglob("runs")) == ["0", "1"]
    assert sorted(runs("out")["seed"]) == [0, 1]


@needs("hydra_optuna_sweeper")
@pytest.mark.filterwarnings("default")
def test_the_optuna_sweeper_minimises_the_objective_metric(no_report, elsewhere):
    trials = ["hydra.sweeper.n_trials=4", "hydra.sweeper.n_jobs=2", "optimizer.lr=interval(0.01,1)"]
    assert app.run(["-m", *MOONS, "hydra/sweeper=optuna", *trials, "hydra.sweep.dir=out"]) == 0
    best = yaml.safe_load((elsewhere / "out" / "optimization_results.yaml").read_text())["best_value"]
    assert len(runs("out")) == 4 and best == runs("out")["final_train_cost"].min()


def test_a_run_trained_alone_has_the_same_id(no_report):
    assert app.run([*MOONS, "optimizer.lr=0.1", "hydra.run.dir=one"]) == 0
    assert app.run(["-m", *MOONS, "optimizer.lr=0.1,1", "hydra.sweep.dir=two"]) == 0
    assert set(runs("one")["run_id"]) < set(runs("two")["run_id"])


def test_the_launcher_takes_the_size_of_a_stack(no_report):
    assert app.run(["-m", *MOONS, "seed=range(4)", "hydra.launcher.max_stack=1", "hydra.sweep.dir=out"]) == 0
    assert set(runs("out")["stack_size"]) == {1}


def test_a_diverged_run_is_no_failure(no_report):
    assert (
        app.run([*MOONS, "optimizer=sgd", "optimizer.lr=1e12", "training.epochs=50", "hydra.run.dir=out"])
        == 0
    )
    assert list(runs("out")["status"]) == ["diverged"]


def test_a_sweep_from_python_returns_its_tables(elsewhere):
    results = optlab.sweep([*MOONS, "optimizer=sgd,adam"], elsewhere / "out")
    assert sorted(results.runs["optimizer"]) == ["adam", "sgd"] and len(results.trajectories) == 2 * 4


@pytest.mark.parametrize(
    "command, shown",
    [
        (["--help"], ", quickstart"),
        (["--help"], "variance reduction: "),
        (["--cfg", "job", "optimizer=sgd"], "name: sgd"),
        (["--info", "searchpath"], "experiments://"),
        (["experiment=quickstart", "--cfg", "job"], "split_seed: ${seed}"),
    ],
)
def test_hydras_own_commands_work(capsys, elsewhere, command, shown):
    try:
        assert app.run(command) == 0
    except SystemExit as done:
        assert done.code == 0
    assert shown in capsys.readouterr().out
    assert not list(elsewhere.iterdir())


def test_the_completion_knows_the_experiments(capsys, monkeypatch):
    monkeypatch.setenv("COMP_LINE", "optlab experiment=qu")
    monkeypatch.setenv("COMP_POINT", "20")
    assert app.run(["--shell-completion", "query=bash"]) == 0
    assert "experiment=quickstart" in capsys.readouterr().out


def test_importing_optlab_imports_nothing_slow():
    slow = "{'numpy', 'pandas', 'hydra', 'sklearn', 'matplotlib'}"
    code = f"import sys, optlab; sys.exit(len({slow} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_help_needs_neither_numpy_nor_pandas():
    code = (
        "import sys; from optlab.cli.app import run\ntry: run(['--help'])\nexcept SystemExit: pass\n"
        "sys.exit(len({'numpy', 'pandas', 'sklearn', 'matplotlib', 'rich'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL).returncode == 0


def test_the_version_is_told(capsys):
    assert app.run(["--version"]) == 0
    assert capsys.readouterr().out == f"optlab {optlab.__version__}\n"


def test_one_hidden_layer_is_a_number(capsys):
    runs = [
        optlab.sweep(["model=mlp", f"model.hidden={hidden}", "training.epochs=1"]).runs
        for hidden in ("16", "[16]")
    ]
    assert runs[0]["run_id"].tolist() == runs[1]["run_id"].tolist()


def test_an_axis_may_be_drawn_at_random(no_report):
    assert app.run(["-m", *MOONS, "optimizer.lr=${loguniform:0.01,1,5}", "hydra.sweep.dir=out"]) == 0
    assert runs("out")["lr"].nunique() == 5


def test_help_on_a_choice_shows_its_equations_and_options(capsys):
    assert app.run(["--help", "optimizer=adam,sgd"]) == 0
    text = capsys.readouterr().out
    assert "    m <- beta1 * m + (1 - beta1) * g " in text and "optimizer.beta1 = 0.9" in text
    assert "optimizer=sgd\n" in text and "Kingma and Ba" in text
    assert app.run(["optimizer=adm", "--help"]) == 2
    assert "did you mean 'adam'?" in capsys.readouterr().err


def test_a_report_in_work_is_marked_for_the_command_that_comes_after_a_kill(elsewhere, monkeypatch):
    marks = []
    page = "optlab.report.page.page.write"
    monkeypatch.setattr(page, lambda study, out, style: marks.extend(out.glob(".work-*")))
    assert app.run([*MOONS, "hydra.run.dir=out"]) == 0
    assert [mark.name.split("-")[1] for mark in marks] == [str(os.getpid())]
    assert not list(Path("out").glob(".work-*"))
