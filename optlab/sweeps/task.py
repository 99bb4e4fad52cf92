"""The task of a worker: train one stack, alone, and store its tables."""

import ctypes
import math
import os
import signal
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from optlab.core.errors import UserError
from optlab.core.registry import Entry
from optlab.datasets import Dataset
from optlab.runs import build
from optlab.runs.identity import Run
from optlab.runs.schema import REGISTRIES
from optlab.store import write
from optlab.sweeps.notes import Abandoned, Note, Notebook, noted
from optlab.sweeps.plan import Stack
from optlab.sweeps.shared import Shared, found
from optlab.training import schedules
from optlab.training.history import History
from optlab.training.loop import Progress, Training, train


class Task(NamedTuple):
    """What a worker is given."""

    stack: Stack
    folder: Path  # of the results
    work: Path  # where notes are left
    data: Shared | None
    added: list[tuple[str, Entry]]  # what the user has registered, with its kind
    parent: int | None  # the process without which the worker is to stop; None: it may be elsewhere
    origin: int  # the process that runs the sweep


def added() -> list[tuple[str, Entry]]:
    """What the user's own code has registered in this process."""
    return [(kind, entry) for kind, registry in REGISTRIES.items() for entry in registry.user_entries()]


def work(task: Task) -> None:
    """Train and store the stack of a task. Tables and notes are all that comes back.

    Raises:
        UserError: the tables cannot be written.
    """
    if os.getpid() != task.origin:  # a backend may have it done at home
        ignore_interrupts()
    for kind, entry in task.added:
        REGISTRIES[kind].add(entry)
    with suppress(Abandoned):
        notebook = Notebook(task.work, task.stack.stack_id, task.parent)
        try:
            history = timed(task.stack.runs, found(task.data, task.stack.runs[0].config), notebook.progress)
            last = noted(1.0, last_cost(history))
            notebook.write(last)  # nothing is stored for a sweep that has ended
            store(task.stack, task.folder, history)
            notebook.write(last._replace(finished=True))
        except (Abandoned, UserError):
            raise
        except Exception as error:
            notebook.write(Note(error=one_line(error)))


def one_line(error: BaseException) -> str:
    """An exception in one line."""
    return f"{type(error).__name__}: {error}".partition("\n")[0]


def init_worker(parent: int) -> None:
    """What a worker process on this machine does first: it ends when the process that started it ends."""
    ignore_interrupts()
    _let_workers_grow()
    set_death_signal = 1
    with suppress(OSError, AttributeError):  # not Linux: it ends when it has been idle for long
        ctypes.CDLL(None).prctl(set_death_signal, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _let_workers_grow() -> None:
    """Do not let loky end workers that have grown by 300 MB, as if memory leaked.

    They have: by the data, which all workers share, and by memory that is kept for the next stack.
    """
    from joblib.externals.loky import process_executor

    process_executor._MAX_MEMORY_LEAK_SIZE = math.inf


def ignore_interrupts() -> None:
    """Let Ctrl-C, which the terminal sends to all processes, be the business of the first of them."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def trained(runs: tuple[Run, ...], dataset: Dataset, progress: Progress | None = None) -> History:
    """The trajectories of runs that are trained together."""
    from threadpoolctl import threadpool_limits

    config = runs[0].config
    schedule = config["schedule"]
    options = {key: value for key, value in schedule.items() if key != "name"}
    training = Training(**config["training"])
    with threadpool_limits(1, user_api="blas"):  # the bits must not depend on the number of threads
        return train(
            build.model(config, dataset),
            dataset,
            [build.member(run.config) for run in runs],
            training,
            schedules.REGISTRY.get(schedule["name"])(training.budget(len(dataset.train.y)), **options),
            config["dtype"],
            progress,
        )


def timed(runs: tuple[Run, ...], dataset: Dataset, progress: Progress | None = None) -> History:
    """The trajectories of runs, trained as often as `training.repetitions` says, after a warm-up.

    Their seconds are the medians. All repetitions have the same bits; one alone has no warm-up.
    """
    repetitions = runs[0].config["training"]["repetitions"]
    history = trained(runs, dataset, progress)
    if repetitions == 1:
        return history
    seconds = np.array([trained(runs, dataset, progress).seconds for _ in range(repetitions)])
    spread = float(np.ptp(seconds[:, -1]))
    return replace(history, seconds=np.median(seconds, axis=0), seconds_spread=spread)


def store(stack: Stack, folder: Path, history: History) -> None:
    """Write the tables of a stack.

    Raises:
        UserError: they cannot be written.
    """
    labels = [write.Label(run.run_id, run.config, run.overrides) for run in stack.runs]
    write.stack(folder, stack.stack_id, labels, history)


def last_cost(history: History) -> Any:
    """Final training cost (R,) of the runs; NaN where they diverged."""
    diverged = np.array([status == "diverged" for status in history.status])
    return np.where(diverged, np.nan, history.final("train_cost"))
