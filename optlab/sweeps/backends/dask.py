"""Workers of a Dask cluster, or of one that is started on this machine."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from optlab.sweeps.backends import base
from optlab.sweeps.backends.base import Backend, Pool, interrupts_ignored
from optlab.sweeps.backends.by_joblib import run_by_joblib

LOGGERS = ("distributed", "distributed.nanny", "distributed.worker", "distributed.scheduler")


class Dask(Backend):
    """Dask's workers, by joblib."""

    name = "dask"
    workers = "elsewhere"
    package = "distributed"
    extra = "dask"
    knock = b""

    def is_scheduler(self, answer: bytes) -> bool:
        """It speaks first; the length of its greeting stands in the first eight bytes."""
        return len(answer) == 9 and int.from_bytes(answer[:8], "little") < 2**32

    @contextmanager
    def start(self, n: int, folder: Path) -> Iterator[Pool]:
        """See `Backend.start`."""
        import dask
        from distributed import Client
        from joblib import parallel_config

        seconds = base.CONNECT_SECONDS
        for name in LOGGERS:
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what goes wrong is told by this program
        with dask.config.set({"distributed.logging.distributed": "critical"}), self._cluster(n) as scheduler:
            try:
                client = Client(scheduler, timeout=seconds)
            except (OSError, TimeoutError, ValueError) as error:
                raise self.no_scheduler(error) from error
            with client, parallel_config("dask", n_jobs=-1, wait_for_workers_timeout=seconds):
                yield run_by_joblib

    def _cluster(self, n: int) -> Any:
        """The running scheduler, or one that is started here."""
        from distributed import LocalCluster

        if self.address is not None:
            return nullcontext(self.address)
        with interrupts_ignored():
            return LocalCluster(
                n_workers=n, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL
            )
