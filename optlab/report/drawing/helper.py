"""A second process that draws some of a report's figures while this one computes the tables."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib import import_module
from typing import Any

import joblib

from optlab.core.worker_process import init_worker

MIN_TASKS = 4  # that are worth a second process

Job = Callable[[Any], Any]

_job: Job | None = None  # in the second process: what it does to every task


def call() -> Any:
    """The second process, which begins to import what figures need; None where there is one core only."""
    if joblib.cpu_count() < 2:
        return None
    from joblib.executor import get_memmapping_executor  # the one that joblib trains with later, perhaps

    first = {"initializer": init_worker, "initargs": (os.getpid(),)}
    helper = get_memmapping_executor(1, timeout=60, max_nbytes=None, **first)
    for slow in ("optlab.report.figures", "seaborn"):
        helper.submit(import_module, slow)
    return helper


def share(helper: Any, job: Job, tasks: Sequence[Any]) -> Callable[[], list[Any]]:
    """Let the helper, if there is one, do `job` on one task after the other, from the first on.

    `job` is sent to it once, with all that it holds. What is returned does tasks in this process, from the
    last on, until all are done, those too that a helper which died has left; it returns the results in the
    order of the tasks.
    """
    waiting, results = deque(range(len(tasks))), dict[int, Any]()

    def do_rest() -> None:
        for place in _taken(waiting.pop):
            results[place] = job(tasks[place])

    def finish() -> list[Any]:
        do_rest()
        return [results[place] for place in range(len(tasks))]

    if helper is None or len(tasks) < MIN_TASKS:
        return finish
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    def feed() -> None:
        with suppress(TerminatedWorkerError):
            helper.submit(_receive, job).result()
            for place in _taken(waiting.popleft):
                try:
                    results[place] = helper.submit(_do, tasks[place]).result()
                except TerminatedWorkerError:
                    return waiting.append(place)

    feeder = ThreadPoolExecutor(1)
    fed = feeder.submit(feed)
    feeder.shutdown(wait=False)

    def finish_with_helper() -> list[Any]:
        do_rest()
        fed.result()
        return finish()

    return finish_with_helper


def _receive(job: Job) -> None:
    global _job
    _job = job


def _do(task: Any) -> Any:
    assert _job is not None
    return _job(task)


def _taken(take: Callable[[], int]) -> Iterable[int]:
    """What `take` gives until there is nothing left."""
    with suppress(IndexError):
        while True:
            yield take()
