"""Trying again: what fails is taken apart until the runs that cannot be trained stand alone."""

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from optlab.core.failure import Failure
from optlab.runs.identity import Run
from optlab.sweeps.failure_log import FailureLog
from optlab.sweeps.plan import Stack, split_stack

MAX_IDLE_DEATHS = 3
"""Times that workers may die in a row before any of them has begun."""

MAX_FAILED = 20
"""Runs that may fail before stacks are no longer taken apart to find the guilty ones."""


class Failed(NamedTuple):
    """A run that could not be trained."""

    run: Run
    failure: Failure


class Outcome(NamedTuple):
    """What came of some stacks."""

    errors: Sequence[tuple[Stack, Failure]] = ()  # the exception that training raised
    lost: Sequence[Stack] = ()  # in work when workers died
    untouched: Sequence[Stack] = ()  # not begun by then
    died: str = ""  # how workers died


class Trainer(Protocol):
    """Who trains stacks; see `optlab.sweeps.trainers`."""

    def train(self, stacks: Sequence[Stack]) -> Outcome:
        """Train and store them."""

    def split(self, stack: Stack, halves: Sequence[Stack]) -> None:
        """A stack will be trained in two."""

    def leave(self, stack: Stack) -> None:
        """A stack will not be trained any more."""


def train_with_retries(stacks: Sequence[Stack], trainer: Trainer, log: FailureLog) -> list[Failed]:
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
        if untouched and idle < MAX_IDLE_DEATHS:
            waiting.appendleft((list(untouched), attempt))
        elif untouched:
            errors = [(stack, Failure(f"workers die before they begin ({died})")) for stack in untouched]
        if attempt == 1:
            waiting.extend(([stack], 2) for stack in lost)
        else:
            errors = [*errors, *((stack, Failure(f"the worker died ({died})")) for stack in lost)]
        parts: list[Stack] = []
        for stack, failure in errors:
            if len(stack.runs) == 1 or len(failed) >= MAX_FAILED or idle:
                failed += [Failed(run, failure) for run in stack.runs]
                log.add(stack.runs, failure)
                trainer.leave(stack)
            else:
                halves = split_stack(stack)
                trainer.split(stack, halves)
                parts += halves
        waiting.extend([(parts, 1)] if attempt == 1 and parts else [([half], 2) for half in parts])
    return failed
