"""Worker threads of this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from optlab.sweeps.backends.base import Backend, Pool
from optlab.sweeps.backends.by_joblib import run_by_joblib


class Threading(Backend):
    """joblib's threads."""

    name = "threading"
    workers = "threads"

    @contextmanager
    def start(self, n: int, folder: Path) -> Iterator[Pool]:
        """See `Backend.start`."""
        from joblib import parallel_config
        from threadpoolctl import threadpool_limits

        # for the limit of one thread that a task sets and lifts holds for all threads of the process
        with threadpool_limits(1, user_api="blas"), parallel_config("threading", n_jobs=n):
            yield run_by_joblib
