"""Worker processes on this machine, which go on when one of them dies."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from optlab.core.worker_process import init_worker
from optlab.sweeps.backends.base import Backend, Pool, interrupts_ignored
from optlab.sweeps.backends.by_joblib import ONE_TASK_AT_A_TIME, run_by_joblib
from optlab.sweeps.task import Task


class Loky(Backend):
    """joblib's own processes."""

    name = "loky"
    workers = "children"

    @contextmanager
    def start(self, n: int, folder: Path) -> Iterator[Pool]:
        """See `Backend.start`; there are two workers at least, for one alone would be this process."""
        from joblib import parallel_config

        first: dict[str, Any] = {"initializer": init_worker, "initargs": (os.getpid(),)}
        with parallel_config("loky", n_jobs=max(n, 2), inner_max_num_threads=1, temp_folder=folder, **first):
            try:
                yield _run
            finally:
                _stop()


def _run(tasks: Iterable[Task]) -> None:
    from joblib import Parallel, delayed

    with interrupts_ignored():  # by the workers, which start here
        Parallel(**ONE_TASK_AT_A_TIME)(delayed(os.getpid)() for _ in range(2))
    run_by_joblib(tasks)


def _stop() -> None:
    """End the workers; not by `get_reusable_executor`, which would leave some that joblib cannot use."""
    from joblib.externals.loky import reusable_executor

    executor = getattr(reusable_executor, "_executor", None)
    if executor is not None:
        executor.shutdown(wait=True, kill_workers=True)
