"""Workers: the stacks of a sweep are trained side by side, and what fails does not take the rest with it."""

import os
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from optlab.core.errors import UserError
from optlab.runs import build
from optlab.runs.identity import Run
from optlab.store import read
from optlab.sweeps import notes, plan
from optlab.sweeps.backends import Backend, Pool, WorkersDied, backend_class
from optlab.sweeps.cost import stack_bytes
from optlab.sweeps.memory import available
from optlab.sweeps.plan import Stack
from optlab.sweeps.shared import Sharing
from optlab.sweeps.task import Task, added, last_cost, one_line, store, timed
from optlab.sweeps.watch import Watch
from optlab.training.loop import Progress

POLL_SECONDS = 0.3

WORKER_BYTES = 2e8
"""Memory that a worker takes before it trains anything."""

MOST_IDLE = 3
"""Times that workers may die in a row before any of them has begun."""

MOST_FAILED = 20
"""Runs that may fail before stacks are no longer taken apart to find the guilty ones."""


@dataclass(frozen=True)
class Workers:
    """Who trains the stacks."""

    n_jobs: int | None = None  # None, -1: one for every core that this process may use
    backend: str = "loky"
    address: str | None = None  # of a running scheduler
    parameters: dict[str, Any] = field(default_factory=dict)  # further ones for submitit

    def make_backend(self) -> Backend:
        """Who starts them.

        Raises:
            UserError: no such backend.
        """
        return backend_class(self.backend)(self.address, self.parameters)


class Failed(NamedTuple):
    """A run that could not be trained."""

    run: Run
    why: str


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def train_all(stacks: Sequence[Stack], folder: Path, workers: Workers, watch: Watch) -> list[Failed]:
    """Train stacks and store their tables; returns the runs that could not be trained.

    Raises:
        UserError: no such backend, a scheduler that does not answer, or tables that cannot be written.
    """
    if not stacks:
        return []
    backend = workers.make_backend()
    n = number(stacks, workers)
    if n == 1 and backend.workers != "elsewhere":
        return _together(stacks, Here(folder, watch))
    with (
        notes.place(folder) as work,
        Sharing(() if backend.workers == "threads" else stacks) as sharing,
        backend.pool(n, work) as run,
    ):
        return _together(stacks, Away(folder, work, run, sharing, backend.workers == "children", watch))


def number(stacks: Sequence[Stack], workers: Workers) -> int:
    """Number of workers: not more than there are stacks, and than memory has room for.

    The plan stays as it is where memory is short, for the plan decides the bits.
    """
    wanted = cores() if workers.n_jobs in (None, -1) else workers.n_jobs
    assert wanted is not None
    most = min(wanted, len(stacks))
    free = available()
    if free is not None and workers.make_backend().workers != "elsewhere":
        largest = max(stack_bytes(stack.runs) for stack in stacks)
        most = min(most, int(0.8 * free // (largest + WORKER_BYTES)))
    return max(1, most)


class Outcome(NamedTuple):
    """What came of some stacks."""

    errors: Sequence[tuple[Stack, str]] = ()  # the exception that training raised
    lost: Sequence[Stack] = ()  # in work when workers died
    untouched: Sequence[Stack] = ()  # not begun by then
    died: str = ""  # how workers died


def _together(stacks: Sequence[Stack], trainer: "Here | Away") -> list[Failed]:
    """Train stacks; find the runs that cannot be.

    All workers may die with one. So a stack that was in work is tried once more, alone: the innocent are
    trained whole. If its worker dies again, or if training raises an exception, it is taken apart.
    """
    failed: list[Failed] = []
    waiting, idle = deque([(list(stacks), 1)]), 0  # stacks to be tried together, for the first or second time
    while waiting:
        batch, attempt = waiting.popleft()
        errors, lost, untouched, died = trainer.train(batch)
        idle = idle + 1 if len(untouched) == len(batch) else 0
        if untouched and idle < MOST_IDLE:
            waiting.appendleft((list(untouched), attempt))
        elif untouched:
            errors = [(stack, f"workers die before they begin ({died})") for stack in untouched]
        if attempt == 1:
            waiting.extend(([stack], 2) for stack in lost)
        else:
            errors = [*errors, *((stack, f"the worker died ({died})") for stack in lost)]
        parts: list[Stack] = []
        for stack, why in errors:
            if len(stack.runs) == 1 or len(failed) >= MOST_FAILED or idle:
                failed += [Failed(run, why) for run in stack.runs]
                trainer.leave(stack)
            else:
                halves = plan.halves(stack)
                trainer.split(stack, halves)
                parts += halves
        waiting.extend([(parts, 1)] if attempt == 1 and parts else [([half], 2) for half in parts])
    return failed


class Here:
    """Trains stacks in this process, one after the other."""

    def __init__(self, folder: Path, watch: Watch) -> None:
        self._folder, self._watch = folder, watch

    def train(self, stacks: Sequence[Stack]) -> Outcome:
        """Train and store them.

        Raises:
            UserError: the tables cannot be written.
        """
        errors = []
        for stack in stacks:
            try:
                history = timed(stack.runs, build.data(stack.runs[0].config), self._progress(stack))
                store(stack, self._folder, history)
            except UserError:
                raise
            except Exception as error:
                errors.append((stack, one_line(error)))
            else:
                self._watch.trained(stack, notes.noted(1.0, last_cost(history)))
        return Outcome(errors)

    def _progress(self, stack: Stack) -> Progress:
        return lambda done, budget, cost: self._watch.advances(stack, notes.noted(done / budget, cost))

    def split(self, stack: Stack, halves: Sequence[Stack]) -> None:
        """A stack will be trained in two."""

    def leave(self, stack: Stack) -> None:
        """A stack will not be trained any more."""


class Away:
    """Has stacks trained by workers."""

    def __init__(
        self, folder: Path, work: Path, run: Pool, sharing: Sharing, is_parent: bool, watch: Watch
    ) -> None:
        self._folder, self._work, self._run, self._watch = folder, work, run, watch
        self._sharing = sharing
        self._parent = os.getpid() if is_parent else None
        self._added = added()
        self._waiting: dict[str, Stack] = {}

    def train(self, stacks: Sequence[Stack]) -> Outcome:
        """Have them trained and stored.

        Raises:
            UserError: the tables cannot be written.
        """
        self._waiting = {stack.stack_id: stack for stack in stacks}
        self._errors: dict[str, str] = {}
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
        return Task(stack, self._folder, self._work, data, self._added, self._parent, os.getpid())

    @contextmanager
    def _following(self) -> Iterator[None]:
        """Read the workers' notes meanwhile, and tell the watch."""
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
                self._errors[stack_id] = note.error
            if note.finished:
                self._watch.trained(stack, note)
                self._sharing.done(stack)
            if note.finished or note.error is not None:
                del self._waiting[stack_id]
            else:
                self._watch.advances(stack, note)
