"""Figures are drawn in a second process, and here if it dies."""

import os
from functools import partial

import joblib
import pytest

from optlab.report import helper, panels, store
from optlab.report.illustration import Illustration
from optlab.report.style import current

FIGURES = [Illustration(f"f{n}", "final", "", "", partial(panels.nothing, "nothing"), "") for n in range(2)]


def die_elsewhere(home, folder):
    if os.getpid() != home:
        os._exit(1)
    (folder / "done here").touch()


@pytest.fixture
def second_process(monkeypatch):
    monkeypatch.setattr("joblib.cpu_count", lambda: 2)
    return helper.call()


def test_figures_are_drawn_elsewhere(second_process, tmp_path):
    helper.begun(second_process, store.draw_all, FIGURES, tmp_path, current())()
    assert len(list(tmp_path.iterdir())) == len(FIGURES) * len(store.FORMATS)


def test_what_a_dead_process_has_not_done_is_done_here(second_process, tmp_path):
    helper.begun(second_process, die_elsewhere, os.getpid(), tmp_path)()
    assert [file.name for file in tmp_path.iterdir()] == ["done here"]


def test_joblib_can_train_after_a_report_was_drawn(second_process):
    for _ in range(2):
        assert joblib.Parallel(n_jobs=2, backend="loky")(joblib.delayed(abs)(n) for n in (-1, -2)) == [1, 2]
        helper.call()


def test_one_core_has_no_second_process(monkeypatch):
    monkeypatch.setattr("joblib.cpu_count", lambda: 1)
    assert helper.call() is None
