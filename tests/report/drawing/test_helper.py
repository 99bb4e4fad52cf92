"""Figures are drawn in a second process, and here if it dies."""

import os
import time
from functools import partial

import joblib
import pytest

from optlab.report.drawing import helper, panels, store
from optlab.report.drawing.illustration import Illustration
from optlab.report.drawing.style import current

FIGURES = [
    Illustration(f"f{n}", "final", "", "", partial(panels.nothing, "nothing"), "")
    for n in range(helper.LEAST)
]


def die_elsewhere(home, folder, task):
    if os.getpid() != home:
        os._exit(1)
    (folder / task).touch()


def tell_process(folder, task):
    (folder / f"{task} {os.getpid()}").touch()


def fail(task):
    raise IndexError(task)


@pytest.fixture
def second_process(monkeypatch):
    monkeypatch.setattr("joblib.cpu_count", lambda: 2)
    return helper.call()


def test_figures_are_drawn(second_process, tmp_path):
    helper.begun(second_process, partial(store.draw, folder=tmp_path, style=current()), FIGURES)()
    assert len(list(tmp_path.iterdir())) == len(FIGURES) * len(store.FORMATS)


def test_some_tasks_are_done_elsewhere_and_all_once(second_process, tmp_path):
    finish = helper.begun(second_process, partial(tell_process, tmp_path), list("abcdefgh"))
    while not any(tmp_path.iterdir()):
        time.sleep(0.01)
    finish()
    done = sorted(file.name.split() for file in tmp_path.iterdir())
    assert "".join(task for task, _ in done) == "abcdefgh"
    assert any(process != str(os.getpid()) for _, process in done)


def test_what_a_dead_process_has_not_done_is_done_here(second_process, tmp_path):
    helper.begun(second_process, partial(die_elsewhere, os.getpid(), tmp_path), list("abcd"))()
    assert "".join(sorted(file.name for file in tmp_path.iterdir())) == "abcd"


@pytest.mark.parametrize("tasks", ["a", "abcdefgh"])
def test_a_task_that_fails_is_heard_of(second_process, tasks):
    with pytest.raises(IndexError):
        helper.begun(second_process, fail, list(tasks))()


def test_joblib_can_train_after_a_report_was_drawn(second_process):
    for _ in range(2):
        assert joblib.Parallel(n_jobs=2, backend="loky")(joblib.delayed(abs)(n) for n in (-1, -2)) == [1, 2]
        helper.call()


def test_one_core_has_no_second_process(monkeypatch):
    monkeypatch.setattr("joblib.cpu_count", lambda: 1)
    assert helper.call() is None
