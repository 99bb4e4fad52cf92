"""A second process that draws some of a report's figures while this one computes the tables."""

import os
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from importlib import import_module
from typing import Any

import joblib

from optlab.sweeps.task import begin

LEAST = 4  # figures that are worth a second process


def call() -> Any:
    """The second process, which begins to import what figures need; None where there is one core only."""
    if joblib.cpu_count() < 2:
        return None
    from joblib.executor import get_memmapping_executor  # the one that joblib trains with later, perhaps

    first = {"initializer": begin, "initargs": (os.getpid(),)}
    helper = get_memmapping_executor(1, timeout=60, max_nbytes=None, **first)
    helper.submit(import_module, "optlab.report.figures.catalogue")
    return helper


def begun(helper: Any, work: Callable[[Any], None], tasks: Sequence[Any]) -> Callable[[], None]:
    """Let the helper, if there is one, do `work` on one task after the other, from the first on.

    What is returned does tasks here, from the last on, until all are done, those too that a helper which
    died has left.
    """
    waiting = deque(tasks)
    if helper is None or len(tasks) < LEAST:
        return partial(_do, waiting, work)
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    def feed() -> None:
        while task := _next(waiting.popleft):
            try:
                helper.submit(work, task).result()
            except TerminatedWorkerError:
                return waiting.append(task)

    feeder = ThreadPoolExecutor(1)
    fed = feeder.submit(feed)
    feeder.shutdown(wait=False)

    def finish() -> None:
        _do(waiting, work)
        fed.result()
        _do(waiting, work)

    return finish


def _do(waiting: deque[Any], work: Callable[[Any], None]) -> None:
    while task := _next(waiting.pop):
        work(task)


def _next(take: Callable[[], Any]) -> Any:
    """A task that waits; None if there is none."""
    with suppress(IndexError):
        return take()
    return None
