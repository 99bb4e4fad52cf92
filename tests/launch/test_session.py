import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import OmegaConf

from optlab.core.errors import UserError
from optlab.launch.session import CURRENT, Session, SessionCallback, check_named, current, quoted


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


def test_home_and_variables_in_a_result_folder_are_replaced(session, monkeypatch):
    monkeypatch.setenv("HOME", "/home/me")
    hydra = {"run": {"dir": "~/it's"}, "sweep": {"dir": "$HOME/all"}, "overrides": {"hydra": []}}
    config = OmegaConf.create({"report": None, "hydra": hydra})
    OmegaConf.set_readonly(config.hydra, True)
    SessionCallback().on_run_start(config)
    assert str(session.folder) == config.hydra.run.dir == "/home/me/it's"
    SessionCallback().on_multirun_start(config)
    assert str(session.folder) == config.hydra.sweep.dir == "/home/me/all"
    again = OverridesParser.create().parse_overrides(config.hydra.overrides.hydra)
    assert [line.value() for line in again] == ["/home/me/it's", "/home/me/all"]


@pytest.mark.parametrize("text", ["a b", "it's", "a\\", "a\\'b", "a\\\\'", "x,y", "[~"])
def test_hydra_reads_a_quoted_text_as_it_was(text):
    assert OverridesParser.create().parse_override(f"key={quoted(text)}").value() == text


def test_a_home_folder_that_there_is_not_is_refused():
    with pytest.raises(UserError, match=r"^hydra.run.dir=~nobody/x: there is no such home folder; name"):
        check_named("hydra.run.dir", "~nobody/x")
