"""Backends: how tasks reach the workers, in this machine or in a cluster.

A pool is a function that has the tasks done and returns when they are. What a task brings about stands in
files, so that all that is asked of a backend is to call a function somewhere.
"""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, Literal

from optlab.core.errors import UserError
from optlab.sweeps.task import Task, begin, work

Backend = Literal["loky", "threading", "dask", "ray", "submitit"]

Pool = Callable[[Iterable[Task]], None]

CONNECT_SECONDS = 5

PLAIN: dict[str, Any] = {"batch_size": 1, "max_nbytes": None}
"""One task at a time, and no arrays stored in files on the way: tasks hold none."""

SCHEDULERS: dict[str, tuple[bytes, Callable[[bytes], bool]]] = {
    "dask": (b"", lambda answer: len(answer) == 9 and int.from_bytes(answer[:8], "little") < 2**32),
    "ray": (
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0]),
        lambda answer: answer[3:4] == b"\x04",
    ),
}
"""What to say at a scheduler's door, and whether the first nine bytes of the answer are a scheduler's.

One of Dask speaks first: the length of its greeting stands in the first eight bytes. One of Ray speaks gRPC,
which is HTTP/2 (RFC 9113, section 3.4): preface and empty settings are answered by a frame of settings.
"""

EXTRAS = {"dask": "distributed", "ray": "ray", "submitit": "submitit"}


class Died(Exception):
    """Workers were lost, and what they were doing with them."""


@contextmanager
def pool(
    backend: Backend, n: int, address: str | None, parameters: dict[str, Any], folder: Path
) -> Iterator[Pool]:
    """Start workers, and stop them at the end.

    Args:
        backend: what runs them.
        n: number of workers.
        address: of a running scheduler (dask, ray); None: one is started on this machine.
        parameters: further ones for submitit.
        folder: where joblib and submitit may put files.

    Raises:
        UserError: a package that is not installed, or a scheduler that cannot be spoken to.
    """
    try:
        started = BACKENDS[backend](n, address, parameters, folder)
        with started as run:
            yield run
    except ModuleNotFoundError as error:
        package = EXTRAS.get(backend)
        if package is None or (error.name or "").partition(".")[0] != package:
            raise
        extra = "slurm" if backend == "submitit" else backend
        raise UserError(
            f"hydra.launcher.backend={backend}: the package {package} is not installed; "
            f"pip install 'optlab[{extra}]'"
        ) from error


@contextmanager
def _loky(n: int, address: str | None, parameters: dict[str, Any], folder: Path) -> Iterator[Pool]:
    from joblib import Parallel, delayed, parallel_config
    from joblib.externals.loky import reusable_executor

    def run(tasks: Iterable[Task]) -> None:
        with _interrupts_ignored():  # by the workers, which start here
            Parallel(**PLAIN)(delayed(os.getpid)() for _ in range(2))
        _by_joblib(tasks)

    first = {"initializer": begin, "initargs": (os.getpid(),)}
    with parallel_config("loky", n_jobs=max(n, 2), inner_max_num_threads=1, temp_folder=folder, **first):
        try:
            yield run
        finally:
            # not by get_reusable_executor(), which would leave one behind that joblib cannot use
            executor = getattr(reusable_executor, "_executor", None)
            if executor is not None:
                executor.shutdown(wait=True, kill_workers=True)


@contextmanager
def _threading(n: int, *_: Any) -> Iterator[Pool]:
    from joblib import parallel_config
    from threadpoolctl import threadpool_limits

    # here, for the limit of one thread that a task sets and lifts holds for all threads of the process
    with threadpool_limits(1, user_api="blas"), parallel_config("threading", n_jobs=n):
        yield _by_joblib


@contextmanager
def _dask(n: int, address: str | None, *_: Any) -> Iterator[Pool]:
    import logging

    import dask
    from distributed import Client, LocalCluster
    from joblib import parallel_config

    quiet = {"distributed.logging.distributed": "critical"}
    cluster: Any
    for name in ("distributed", "distributed.nanny", "distributed.worker", "distributed.scheduler"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what goes wrong is told by this program
    with dask.config.set(quiet):
        if address is None:
            with _interrupts_ignored():
                cluster = LocalCluster(
                    n_workers=n, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL
                )
        else:
            cluster = nullcontext(address)
        with cluster as scheduler:
            try:
                client = Client(scheduler, timeout=CONNECT_SECONDS)
            except (OSError, TimeoutError, ValueError) as error:
                raise _unanswered(address, error) from error
            with client, parallel_config("dask", n_jobs=-1, wait_for_workers_timeout=CONNECT_SECONDS):
                yield _by_joblib


@contextmanager
def _ray(n: int, address: str | None, *_: Any) -> Iterator[Pool]:
    import logging

    import ray
    from joblib import parallel_config
    from ray.util.joblib import register_ray

    local: dict[str, Any] = {"num_cpus": n, "include_dashboard": False} if address is None else {}
    with _interrupts_ignored():
        ray.init(
            address.removeprefix("tcp://") if address else "local",
            log_to_driver=False,
            logging_level=logging.CRITICAL,
            configure_logging=False,
            **local,
        )
    register_ray()
    try:
        with parallel_config("ray", n_jobs=n):
            yield _by_joblib
    finally:
        ray.shutdown()


@contextmanager
def _submitit(n: int, address: str | None, parameters: dict[str, Any], folder: Path) -> Iterator[Pool]:
    import submitit

    executor = submitit.AutoExecutor(folder=folder / "submitit")
    executor.update_parameters(**{"timeout_min": 60 * 24, "name": "optlab", **parameters})

    def run(tasks: Iterable[Task]) -> None:
        # a job for each worker: a cluster's queue is slower than a stack
        hands = list(tasks)
        with _interrupts_ignored():
            jobs = [executor.submit(_one_by_one, hands[i::n]) for i in range(min(n, len(hands)))]
        try:
            while not all(job.done() for job in jobs):
                time.sleep(0.2)
            mistakes = [job.result() for job in jobs]
        except submitit.core.utils.UncompletedJobError as error:
            raise Died(str(error).partition("\n")[0]) from error
        finally:
            for job in jobs:
                if not job.done():
                    job.cancel()
        for mistake in mistakes:
            if mistake is not None:
                raise UserError(mistake)

    yield run


def _one_by_one(tasks: list[Task]) -> str | None:
    try:
        for task in tasks:
            work(task)
    except UserError as error:
        return str(error)
    return None


def _by_joblib(tasks: Iterable[Task]) -> None:
    from joblib import Parallel, delayed

    try:
        Parallel(**PLAIN)(delayed(work)(task) for task in tasks)
    except Exception as error:
        if isinstance(error, UserError):
            raise UserError(str(getattr(error, "cause", error))) from error
        raise Died(f"{type(error).__name__}: {error}".partition("\n")[0]) from error


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Processes that are started here ignore Ctrl-C, which the terminal sends to all of a command's."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def check(backend: Backend, address: str | None) -> None:
    """Knock at the door of the scheduler: its own client would wait for long, and say more than a line.

    Raises:
        UserError: nobody answers, or somebody else, or the backend has no scheduler.
    """
    if address is None:
        return
    if backend not in SCHEDULERS:
        raise UserError(
            f"hydra.launcher.address={address}: backend {backend} has no scheduler; "
            "set hydra.launcher.backend=dask or ray, or leave the address out"
        )
    knock, is_answer = SCHEDULERS[backend]
    host, _, port = address.rpartition("://")[2].rpartition(":")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), CONNECT_SECONDS) as door:
            if address.startswith(("tls://", "ws://", "wss://")):
                return
            door.sendall(knock)
            if not is_answer(door.recv(9, socket.MSG_WAITALL)):
                raise ValueError("something else listens there")
    except (OSError, ValueError, OverflowError) as error:
        raise _unanswered(address, error) from error


def _unanswered(address: str | None, error: Exception) -> UserError:
    reason = str(error).partition("\n")[0]
    return UserError(
        f"hydra.launcher.address={address}: no scheduler answers there ({reason}); start one, or leave the "
        "address out to train on this machine"
    )


BACKENDS: dict[str, Callable[..., Any]] = {
    "loky": _loky,
    "threading": _threading,
    "dask": _dask,
    "ray": _ray,
    "submitit": _submitit,
}
