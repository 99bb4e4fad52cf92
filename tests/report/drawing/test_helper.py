"""Figures are drawn in a second process, and in this one if it dies."""

import os
import time
from functools import partial

import joblib
import pytest

from optlab.report.drawing import helper


def die_elsewhere(home, task):
    if os.getpid() != home:
        os._exit(1)
    return task


def tell_process(folder, task):
    (folder / f"{task} {os.getpid()}").touch()
    return task.upper()


def fail(task):
    raise IndexError(task)


@pytest.fixture
def second_process(monkeypatch):
    monkeypatch.setattr("joblib.cpu_count", lambda: 2)
    return helper.call()


def test_some_tasks_are_done_elsewhere_and_all_once_and_results_are_in_order(second_process, tmp_path):
    finish = helper.share(second_process, partial(tell_process, tmp_path), list("abcdefgh"))
    while not any(tmp_path.iterdir()):
        time.sleep(0.01)
    assert finish() == list("ABCDEFGH")
    done = sorted(file.name.split() for file in tmp_path.iterdir())
    assert "".join(task for task, _ in done) == "abcdefgh"
    assert any(process != str(os.getpid()) for _, process in done)


def test_what_a_dead_process_has_not_done_is_done_here(second_process):
    assert helper.share(second_process, partial(die_elsewhere, os.getpid()), list("abcd"))() == list("abcd")


@pytest.mark.parametrize("tasks", ["a", "abcdefgh"])
def test_a_task_that_fails_is_heard_of(second_process, tasks):
    with pytest.raises(IndexError):
        helper.share(second_process, fail, list(tasks))()


def test_joblib_can_train_after_a_report_was_drawn(second_process):
    for _ in range(2):
        assert joblib.Parallel(n_jobs=2, backend="loky")(joblib.delayed(abs)(n) for n in (-1, -2)) == [1, 2]
        helper.call()


def test_one_core_has_no_second_process(monkeypatch):
    monkeypatch.setattr("joblib.cpu_count", lambda: 1)
    assert helper.call() is None
