"""Workers of a Dask cluster, or of one that is started on this machine."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from optlab.core.errors import UserError
from optlab.core.failure import one_line
from optlab.sweeps.backends import base
from optlab.sweeps.backends.base import Backend, Pool, WorkersDied, interrupts_ignored
from optlab.sweeps.task import Task, work

LOGGERS = ("distributed", "distributed.nanny", "distributed.worker", "distributed.scheduler")


class Dask(Backend):
    """Dask's workers. Not by joblib, which would do the tasks of a cluster of one worker in this process."""

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

        for name in LOGGERS:
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what goes wrong is told by this program
        with dask.config.set({"distributed.logging.distributed": "critical"}), self._cluster(n) as scheduler:
            try:
                client = Client(scheduler, timeout=base.CONNECT_SECONDS)
            except (OSError, TimeoutError, ValueError) as error:
                raise self.no_scheduler(error) from error
            with client:
                yield partial(_run, client)

    def _cluster(self, n: int) -> Any:
        """The running scheduler, or one that is started here."""
        from distributed import LocalCluster

        if self.address is not None:
            return nullcontext(self.address)
        with interrupts_ignored():
            return LocalCluster(
                n_workers=n, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL
            )


def _run(client: Any, tasks: Iterable[Task]) -> None:
    """Do tasks, two for each thread of the cluster at a time: data are shared when a task is made."""
    from distributed import as_completed

    waiting = iter(tasks)
    try:
        client.wait_for_workers(1, timeout=base.CONNECT_SECONDS)
        at_a_time = 2 * sum(client.ncores().values())
        running = as_completed(client.submit(work, task, pure=False) for task in islice(waiting, at_a_time))
        for future in running:
            future.result()
            for task in islice(waiting, 1):
                running.add(client.submit(work, task, pure=False))
    except UserError:
        raise
    except Exception as error:
        raise WorkersDied(one_line(error)) from error
