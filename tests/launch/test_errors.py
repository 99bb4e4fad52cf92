"""Errors of Hydra and OmegaConf are mistakes of the user's, told in one line.

More of them: tests/cli/test_app_mistakes.py.
"""

import pytest
from hydra.errors import HydraException, MissingConfigException
from omegaconf import OmegaConf
from yaml import YAMLError

from optlab.core.errors import UserError
from optlab.launch.errors import as_user_error, is_mistake


def raised(action):
    with pytest.raises(Exception) as caught:
        action()
    return caught.value


@pytest.mark.parametrize("error", [UserError("x"), HydraException("x"), YAMLError("x")])
def test_what_hydra_says_is_a_mistake(error):
    assert is_mistake(error)


def test_what_breaks_inside_omegaconf_is_a_mistake_and_what_breaks_elsewhere_is_none():
    assert is_mistake(raised(lambda: OmegaConf.create(object())))
    assert is_mistake(raised(lambda: OmegaConf.load("nowhere.yaml")))
    assert not is_mistake(raised(lambda: {}["key"])) and not is_mistake(KeyError("never raised"))


def test_a_mistake_that_others_were_raised_from_is_told():
    def fail():
        try:
            raise UserError("seed=-1: too small")
        except UserError as error:
            raise HydraException("Error in the launcher") from error

    assert str(as_user_error(raised(fail), [])) == "seed=-1: too small"


def test_an_option_that_is_not_there_is_told_with_the_nearest():
    error = MissingConfigException("long", "hydra/launcher/jobli.yaml", ["joblib", "basic"])
    assert str(as_user_error(error, [])).startswith(
        "hydra/launcher=jobli: there is no hydra/launcher 'jobli'; did you mean 'joblib'?"
    )


def test_another_error_is_told_by_its_first_lines_without_advertisements():
    error = HydraException("First.\n\nSecond.\nSee https://hydra.cc for more\nfull_key: x\n")
    assert str(as_user_error(error, [])) == "First. Second."
    assert str(as_user_error(HydraException(""), [])) == "HydraException"


def test_errors_raised_from_each_other_in_a_circle_are_each_told_once():
    first, second = HydraException("First."), HydraException("Second.")
    first.__cause__, second.__cause__ = second, first
    assert str(as_user_error(first, [])) == "First.: Second."
