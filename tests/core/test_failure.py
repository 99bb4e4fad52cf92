"""An exception is told with its place in the code of the user, who can mend it."""

import json
import sys
from importlib.util import module_from_spec, spec_from_file_location

import pytest

from optlab import datasets
from optlab.core.arrays import solve_positive_definite
from optlab.core.errors import UserError
from optlab.core.failure import BrokenCode, failure_of, users_code

MINE = """
import json
import numpy as np

def divides():
    return 1 / 0

def calls_numpy():
    return np.linalg.solve(np.zeros((2, 2)), np.ones(3))

def calls_json():
    return json.loads("{")

def raises(error):
    raise error
"""


@pytest.fixture
def mine(tmp_path, monkeypatch):
    (tmp_path / "mine.py").write_text(MINE)
    monkeypatch.chdir(tmp_path)
    spec = spec_from_file_location("mine", tmp_path / "mine.py")
    module = module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "mine", module)
    spec.loader.exec_module(module)
    return module


def raised(function, *arguments):
    with pytest.raises(Exception) as caught:
        function(*arguments)
    return failure_of(caught.value)


def test_the_place_is_the_line_that_failed(mine):
    failure = raised(mine.divides)
    assert failure.line == "ZeroDivisionError: division by zero, at mine.py:6 in divides"
    assert "return 1 / 0" in failure.traceback


@pytest.mark.parametrize("name, line", [("calls_numpy", 9), ("calls_json", 12)])
def test_it_is_the_users_line_where_a_library_has_raised(mine, name, line):
    assert raised(getattr(mine, name)).line.endswith(f", at mine.py:{line} in {name}")


def test_a_file_elsewhere_is_told_with_its_path(mine, tmp_path, monkeypatch):
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    assert f"at {tmp_path}/mine.py:6 in divides" in raised(mine.divides).line


def test_a_library_is_named_where_nothing_else_has_run():
    try:
        json.loads("{")
    except ValueError as error:
        error.__traceback__ = error.__traceback__.tb_next
        assert "decoder.py:" in failure_of(error).line
    try:
        solve_positive_definite(None, None)
    except Exception as error:
        error.__traceback__ = error.__traceback__.tb_next
        assert "optlab/core/arrays.py:" in failure_of(error).line


def test_a_message_of_many_lines_is_one_line(mine):
    assert raised(mine.raises, ValueError("one\ntwo")).line.startswith("ValueError: one, at mine.py:15")


@pytest.fixture
def registry(mine, registries):
    datasets.REGISTRY.register(mine.raises)
    return datasets.REGISTRY


def test_code_of_the_users_that_fails_is_a_mistake_of_the_users(registry, mine):
    told = "dataset=raises: KeyError: 'a', at mine.py:15 in raises; mend"
    with pytest.raises(BrokenCode, match=told), users_code(registry, "raises"):
        mine.raises(KeyError("a"))


def test_what_optlab_says_and_what_fails_in_optlab_stays_what_it_is(registry, mine):
    for name, error in (("raises", UserError("x")), ("raises", MemoryError("y")), ("moons", KeyError("z"))):
        with pytest.raises(type(error)) as caught, users_code(registry, name):
            mine.raises(error)
        assert caught.value is error
