"""The task of a worker: train one stack, alone, and store its tables."""

import os
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from optlab.core.errors import UserError
from optlab.core.failure import BrokenCode, failure_of
from optlab.core.registry import Entry
from optlab.core.worker_process import ignore_interrupts
from optlab.runs.schema import REGISTRIES
from optlab.sweeps.notes import Abandoned, Note, Notebook, progress_note
from optlab.sweeps.plan import Stack
from optlab.sweeps.shared import Shared, shared_or_loaded
from optlab.sweeps.train import last_cost, store_stack, train_repeated


class Task(NamedTuple):
    """What a worker is given."""

    stack: Stack
    folder: Path  # of the results
    notes: Path  # where they are left
    data: Shared | None
    user_factories: list[tuple[str, Entry]]  # what the user has registered, with its kind
    parent: int | None  # the process without which the worker is to stop; None: it may be elsewhere
    origin: int  # the process that runs the sweep


def user_factories() -> list[tuple[str, Entry]]:
    """What the user's own code has registered in this process."""
    return [(kind, entry) for kind, registry in REGISTRIES.items() for entry in registry.user_entries()]


def work(task: Task) -> None:
    """Train and store the stack of a task. Tables and notes are all that comes back.

    Raises:
        UserError: the tables cannot be written.
    """
    if os.getpid() != task.origin:  # a backend may have it done at home
        ignore_interrupts()
    for kind, entry in task.user_factories:
        REGISTRIES[kind].add(entry)
    with suppress(Abandoned):
        notebook = Notebook(task.notes, task.stack.stack_id, task.parent)
        try:
            dataset = shared_or_loaded(task.data, task.stack.runs[0].config)
            history = train_repeated(task.stack.runs, dataset, notebook.progress)
            last = progress_note(1.0, last_cost(history))
            notebook.write(last)  # nothing is stored for a sweep that has ended
            store_stack(task.stack, task.folder, history, dataset)
            notebook.write(last._replace(finished=True))
        except Exception as error:
            if isinstance(error, Abandoned | UserError) and not isinstance(error, BrokenCode):
                raise
            failure = failure_of(error)
            notebook.write(Note(error=failure.line, traceback=failure.traceback))
