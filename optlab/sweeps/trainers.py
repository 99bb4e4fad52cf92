"""Who trains stacks: this process, or workers of a backend."""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from optlab.core.errors import UserError
from optlab.core.failure import BrokenCode, Failure, failure_of
from optlab.runs import build
from optlab.store import read
from optlab.sweeps import notes
from optlab.sweeps.backends import Pool, WorkersDied
from optlab.sweeps.listener import ProgressListener
from optlab.sweeps.plan import Stack
from optlab.sweeps.retry import Outcome
from optlab.sweeps.shared import Sharing
from optlab.sweeps.task import Task, user_factories
from optlab.sweeps.train import last_cost, store_stack, train_repeated
from optlab.training.loop import Progress

POLL_SECONDS = 0.3


class LocalTrainer:
    """Trains stacks in this process, one after the other."""

    def __init__(self, folder: Path, listener: ProgressListener) -> None:
        self._folder, self._listener = folder, listener

    def train(self, stacks: Sequence[Stack]) -> Outcome:
        """Train and store them.

        Raises:
            UserError: the tables cannot be written.
        """
        errors = []
        for stack in stacks:
            try:
                dataset = build.data(stack.runs[0].config)
                history = train_repeated(stack.runs, dataset, self._progress(stack))
                store_stack(stack, self._folder, history, dataset)
            except Exception as error:
                if isinstance(error, UserError) and not isinstance(error, BrokenCode):
                    raise
                errors.append((stack, failure_of(error)))
            else:
                self._listener.on_stored(stack, notes.progress_note(1.0, last_cost(history)))
        return Outcome(errors)

    def _progress(self, stack: Stack) -> Progress:
        return lambda done, budget, cost: self._listener.on_progress(
            stack, notes.progress_note(done / budget, cost)
        )

    def split(self, stack: Stack, halves: Sequence[Stack]) -> None:
        """A stack will be trained in two."""

    def leave(self, stack: Stack) -> None:
        """A stack will not be trained any more."""


class WorkerTrainer:
    """Has stacks trained by workers."""

    def __init__(
        self,
        folder: Path,
        work: Path,
        run: Pool,
        sharing: Sharing,
        is_parent: bool,
        listener: ProgressListener,
    ) -> None:
        self._folder, self._work, self._run, self._listener = folder, work, run, listener
        self._sharing = sharing
        self._parent = os.getpid() if is_parent else None
        self._user_factories = user_factories()
        self._waiting: dict[str, Stack] = {}

    def train(self, stacks: Sequence[Stack]) -> Outcome:
        """Have them trained and stored.

        Raises:
            UserError: the tables cannot be written.
        """
        self._waiting = {stack.stack_id: stack for stack in stacks}
        self._errors: dict[str, Failure] = {}
        died = ""
        with self._following():
            try:
                self._run(self._task(stack) for stack in stacks)
            except WorkersDied as error:
                died = str(error)
        begun = notes.read(self._work)
        unfinished = [stack for stack in stacks if not read.has_stack(self._folder, stack.stack_id)]
        errors = [
            (stack, self._errors[stack.stack_id]) for stack in unfinished if stack.stack_id in self._errors
        ]
        rest = [stack for stack in unfinished if stack.stack_id not in self._errors]
        notes.clear(self._work)
        if rest and not died:
            died = "it left nothing behind"
        lost = [stack for stack in rest if stack.stack_id in begun]
        return Outcome(errors, lost, [stack for stack in rest if stack.stack_id not in begun], died)

    def split(self, stack: Stack, halves: Sequence[Stack]) -> None:
        """A stack will be trained in two."""
        self._sharing.add(halves)
        self._sharing.done(stack)

    def leave(self, stack: Stack) -> None:
        """A stack will not be trained any more."""
        self._sharing.done(stack)

    def _task(self, stack: Stack) -> Task:
        data = self._sharing.of(stack.runs[0].config)
        return Task(stack, self._folder, self._work, data, self._user_factories, self._parent, os.getpid())

    @contextmanager
    def _following(self) -> Iterator[None]:
        """Read the workers' notes meanwhile, and tell the listener."""
        over = threading.Event()

        def follow() -> None:
            while not over.wait(POLL_SECONDS):
                self._read()

        follower = threading.Thread(target=follow, name="optlab-notes", daemon=True)
        follower.start()
        try:
            yield
        finally:
            over.set()
            follower.join()
        self._read()

    def _read(self) -> None:
        for stack_id, note in notes.read(self._work).items():
            stack = self._waiting.get(stack_id)
            if stack is None:
                continue
            if note.error is not None:
                self._errors[stack_id] = Failure(note.error, note.traceback)
            if note.finished:
                self._listener.on_stored(stack, note)
                self._sharing.done(stack)
            if note.finished or note.error is not None:
                del self._waiting[stack_id]
            else:
                self._listener.on_progress(stack, note)
