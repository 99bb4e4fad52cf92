import pytest
from omegaconf import OmegaConf

from optlab.core.errors import UserError
from optlab.launch.session import CURRENT, Session, SessionCallback, current


@pytest.fixture
def session():
    """The session of this process."""
    token = CURRENT.set(Session(["optlab"]))
    yield current()
    CURRENT.reset(token)


CONFIG = OmegaConf.create(
    {"report": {"style": "paper"}, "hydra": {"run": {"dir": "one"}, "sweep": {"dir": "many"}}}
)


def test_a_worker_has_an_empty_session():
    assert current().folder is None and current().report_options()["style"] == "notebook"


def test_the_session_knows_where_a_command_writes(session):
    SessionCallback().on_run_start(CONFIG)
    assert (str(session.folder), session.multirun) == ("one", False)
    SessionCallback().on_multirun_start(CONFIG)
    assert (str(session.folder), session.multirun) == ("many", True)
    assert session.report_options()["style"] == "paper"


def test_one_known_minimum_is_that_of_the_only_problem():
    assert Session(report=OmegaConf.create({"optimum": 0.5})).report_options()["optimum"] == {"": 0.5}
    by_name = {"optimum": {"moons": 0.5}}
    assert Session(report=OmegaConf.create(by_name)).report_options()["optimum"] == {"moons": 0.5}


def test_a_wrong_option_of_the_report_is_refused():
    with pytest.raises(UserError, match=r"report.sytle=paper: report has no option 'sytle'"):
        Session(report=OmegaConf.create({"sytle": "paper"})).report_options()
