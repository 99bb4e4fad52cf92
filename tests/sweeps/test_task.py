import os
import signal

import pytest

from optlab.store import read, write
from optlab.sweeps import plan
from optlab.sweeps.plan import Limits
from optlab.sweeps.task import Task, work


@pytest.fixture
def task(config, tmp_path):
    write.prepare(tmp_path)
    (tmp_path / "notes").mkdir()
    (stack,) = plan.stacks(plan.runs([(config(), ())]), Limits())
    return Task(stack, tmp_path, tmp_path / "notes", None, [], None, os.getpid())


def test_a_task_that_is_done_where_the_sweep_runs_leaves_ctrl_c_alone(task):
    before = signal.getsignal(signal.SIGINT)
    work(task)
    assert signal.getsignal(signal.SIGINT) is before
    assert read.has_stack(task.folder, task.stack.stack_id)


def test_a_task_elsewhere_ignores_ctrl_c(task):
    before = signal.getsignal(signal.SIGINT)
    try:
        work(task._replace(origin=os.getpid() + 1))
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
