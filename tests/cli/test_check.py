"""`optlab-check` names what fails of a rule, and how to call it."""

import pytest

from optlab.cli.check import main

RULE = """
import numpy as np
from optlab.optimizers import Rule

def {name}(lr: float = 0.1) -> Rule:
    def update(w, state, objective):
        return w - lr * objective.gradient(w) {more}, state
    return Rule(lambda w, objective: (), update)
"""


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)

    def made(name, more=""):
        path = tmp_path / f"{name}_rules.py"
        path.write_text(RULE.format(name=name, more=more))
        return path

    return made


def test_a_sound_rule_passes_by_file_and_by_module(file, capsys, monkeypatch):
    path = file("plain")
    assert main([f"{path}:plain"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 8 and all(line.startswith("ok ") for line in lines)
    monkeypatch.chdir(path.parent)
    assert main(["plain_rules:plain"]) == 0


def test_what_fails_is_printed_and_exits_with_2(file, capsys):
    assert main([f"{file('mixing', '+ w.mean(0)')}:mixing"]) == 2
    printed = capsys.readouterr()
    assert "FAILS  a stack equals its runs one by one\n" in printed.out
    assert "checks fail; mend what stands above" in printed.err


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("nothing", "write MODULE:FUNCTION or FILE.py:FUNCTION"),
        ("no_such_module:f", "cannot be imported (ModuleNotFoundError"),
        ("json:nothing", "json has no function 'nothing'"),
    ],
)
def test_what_is_no_rule_is_told_in_one_line(rule, message, capsys):
    assert main([rule]) == 2
    error = capsys.readouterr().err
    assert message in error and error.count("\n") == 1
