"""The Hydra application: what it raises, and what it leaves behind; tests/cli/test_app.py has its runs."""

import pickle

import pytest

from optlab.core.errors import Incomplete, UserError
from optlab.launch import application
from optlab.launch.session import Session, current

MOONS = ["dataset=moons", "dataset.n_samples=60", "training.epochs=1"]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "command", [["seed=-1"], ["-m", "seed=-1"], ["-m", "seed=-1", "hydra/launcher=basic"]]
)
def test_a_mistake_is_raised_and_its_empty_folder_is_taken_away(elsewhere, command):
    session = Session()
    with pytest.raises(UserError, match="seed=-1: must be a whole number"):
        application.start([*command, *MOONS, "hydra.run.dir=out", "hydra.sweep.dir=out"], session)
    assert str(session.folder) == "out" and not (elsewhere / "out" / "runs").exists()
    assert current() is not session


def test_what_a_run_could_not_train_is_raised_as_such(monkeypatch):
    def fail(*_):
        raise Incomplete("1 run could not be trained")

    monkeypatch.setattr("optlab.sweeps.execute.execute", fail)
    with pytest.raises(Incomplete, match="1 run could not be trained"):
        application.start([*MOONS, "hydra.run.dir=out"], Session())


def test_a_fault_stays_a_fault(monkeypatch):
    monkeypatch.setattr("optlab.sweeps.execute.execute", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        application.start([*MOONS, "hydra.run.dir=out"], Session())


def test_the_end_of_a_run_can_come_from_another_process():
    end = pickle.loads(pickle.dumps(SystemExit(UserError("seed=-1: too small"))))
    assert isinstance(end.code, UserError) and str(end.code) == "seed=-1: too small"


def test_a_help_text_ends_without_an_error(capsys):
    with pytest.raises(SystemExit) as end:
        application.start(["--help"], Session())
    assert end.value.code == 0
    assert "optlab experiment=quickstart" in capsys.readouterr().out
