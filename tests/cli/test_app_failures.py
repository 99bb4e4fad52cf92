"""What fails in the user's own code is told in one line with its place; the traceback is in the folder."""

import sys
from importlib import import_module
from pathlib import Path

import pytest

from optlab.cli import app

MINE = """
import optlab
from optlab.optimizers import Rule

@optlab.register("optimizer", "gradient")
def broken(lr: float = 0.1) -> Rule:
    return Rule(lambda w, objective: (), lambda w, state, objective: w[lr])

@optlab.register("dataset")
def lost():
    return {}["rows"]

@optlab.register("model")
def wrong(n_features: int, n_classes: int, /):
    return n_features / 0

@optlab.register("model")
def empty(n_features: int, n_classes: int, /):
    return None

@optlab.register("schedule")
def late(budget: int, /):
    return lambda t: 1 / (t - 2)
"""


@pytest.fixture
def mine(elsewhere, monkeypatch, registries):
    """A module of the user's, with what Hydra needs to know of it."""
    names = {"optimizer": ["broken"], "dataset": ["lost"], "model": ["wrong", "empty"], "schedule": ["late"]}
    for group, options in names.items():
        for name in options:
            file = elsewhere / "conf" / group / f"{name}.yaml"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"name: {name}\n")
    (elsewhere / "mine.py").write_text(MINE)
    monkeypatch.syspath_prepend(elsewhere)
    import_module("mine")
    yield
    del sys.modules["mine"]


SINGLE = ["-cd", "conf", "dataset=moons", "training.epochs=3", "hydra.run.dir=out"]
SWEEP = ["-m", "-cd", "conf", "dataset=moons", "training.epochs=3", "hydra.sweep.dir=out"]
WORKERS = [*SWEEP, "hydra.launcher.n_jobs=2", "hydra.launcher.max_stack=1", "seed=0,1"]


@pytest.mark.parametrize("command", [SINGLE, SWEEP, WORKERS])
@pytest.mark.parametrize(
    "override, what, line",
    [("optimizer=broken", "IndexError", 7), ("schedule=late", "ZeroDivisionError", 23)],
)
def test_a_rule_or_a_schedule_that_fails(mine, no_report, capfd, command, override, what, line):
    assert app.run([*command, override]) == 1
    err = capfd.readouterr().err
    assert err.count("\n") == 1 and "could not be trained" in err
    assert f"({what}: " in err and f", at mine.py:{line} in <lambda>)" in err
    assert "; tracebacks in out/failures.log; all other runs are kept" in err
    log = Path("out/failures.log").read_text()
    assert "Traceback (most recent call last)" in log and f'mine.py", line {line}' in log


@pytest.mark.parametrize("command", [SINGLE, SWEEP])
@pytest.mark.parametrize(
    "override, told",
    [
        ("dataset=lost", "dataset=lost: KeyError: 'rows', at mine.py:11 in lost; mend the code"),
        ("model=wrong", "model=wrong: ZeroDivisionError: division by zero, at mine.py:15 in wrong; mend"),
        ("model=empty", "model=empty: AttributeError: 'NoneType' object has no attribute"),
    ],
)
def test_data_or_a_model_that_fail_before_training(mine, capsys, command, override, told):
    assert app.run([*command, override]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"optlab: error: {told}") and err.count("\n") == 1
    assert "traceback in out/failures.log" in err
    assert "Traceback (most recent call last)" in Path("out/failures.log").read_text()
    assert not list(Path("out").rglob("*.parquet"))


def test_the_traceback_is_shown_on_demand(mine, no_report, capsys, monkeypatch):
    monkeypatch.setenv("HYDRA_FULL_ERROR", "1")
    assert app.run([*SWEEP, "optimizer=broken"]) == 1
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_the_log_is_of_the_last_command(mine, no_report, capsys):
    assert app.run([*SWEEP, "optimizer=broken,sgd"]) == 1
    assert len(list(Path("out/runs").glob("*.parquet"))) == 1
    assert app.run([*SWEEP, "optimizer=sgd"]) == 0
    assert not Path("out/failures.log").exists()
