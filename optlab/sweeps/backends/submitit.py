"""Jobs of a Slurm cluster; where there is none, processes on this machine."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from optlab.core.errors import UserError
from optlab.sweeps.backends.base import Backend, Pool, WorkersDied, interrupts_ignored
from optlab.sweeps.task import Task, work

POLL_SECONDS = 0.2

DEFAULTS = {"timeout_min": 60 * 24, "name": "optlab"}


class Submitit(Backend):
    """submitit's jobs, one for each worker: a cluster's queue is slower than a stack."""

    name = "submitit"
    workers = "elsewhere"
    package = "submitit"
    extra = "slurm"

    @contextmanager
    def start(self, n: int, folder: Path) -> Iterator[Pool]:
        """See `Backend.start`."""
        import submitit

        executor = submitit.AutoExecutor(folder=folder / "submitit")
        executor.update_parameters(**{**DEFAULTS, **self.parameters})

        def run(tasks: Iterable[Task]) -> None:
            waiting = list(tasks)
            with interrupts_ignored():
                jobs = [executor.submit(_one_by_one, waiting[i::n]) for i in range(min(n, len(waiting)))]
            for mistake in _results(jobs):
                if mistake is not None:
                    raise UserError(mistake)

        yield run


def _one_by_one(tasks: list[Task]) -> str | None:
    """Do tasks; returns the user's mistake that ended it, for an exception would come back as a text."""
    try:
        for task in tasks:
            work(task)
    except UserError as error:
        return str(error)
    return None


def _results(jobs: list[Any]) -> list[str | None]:
    from submitit.core.utils import UncompletedJobError

    try:
        while not all(job.done() for job in jobs):
            time.sleep(POLL_SECONDS)
        return [job.result() for job in jobs]
    except UncompletedJobError as error:
        raise WorkersDied(str(error).partition("\n")[0]) from error
    finally:
        for job in jobs:
            if not job.done():
                job.cancel()
