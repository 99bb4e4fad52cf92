"""Tasks done by joblib, on whatever `joblib.parallel_config` has set."""

from collections.abc import Iterable
from typing import Any

from optlab.core.errors import UserError
from optlab.core.failure import one_line
from optlab.sweeps.backends.base import WorkersDied
from optlab.sweeps.task import Task, work

ONE_TASK_AT_A_TIME: dict[str, Any] = {"batch_size": 1, "max_nbytes": None}
"""And no arrays stored in files on the way: tasks hold none."""


def run_by_joblib(tasks: Iterable[Task]) -> None:
    """A `Pool`."""
    from joblib import Parallel, delayed

    try:
        Parallel(**ONE_TASK_AT_A_TIME)(delayed(work)(task) for task in tasks)
    except Exception as error:
        if isinstance(error, UserError):
            raise UserError(str(getattr(error, "cause", error))) from error
        raise WorkersDied(one_line(error)) from error
