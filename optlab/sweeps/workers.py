"""Workers: the stacks of a sweep are trained side by side, and what fails does not take the rest with it."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from optlab.core.memory import available
from optlab.sweeps import notes
from optlab.sweeps.backends import Backend, backend_class
from optlab.sweeps.cost import stack_bytes
from optlab.sweeps.failure_log import FailureLog
from optlab.sweeps.listener import ProgressListener
from optlab.sweeps.plan import Stack
from optlab.sweeps.retry import Failed, train_with_retries
from optlab.sweeps.shared import Sharing
from optlab.sweeps.trainers import LocalTrainer, WorkerTrainer

WORKER_BYTES = 2e8
"""Memory that a worker takes before it trains anything."""


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


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def train_all(
    stacks: Sequence[Stack], folder: Path, workers: Workers, listener: ProgressListener, log: FailureLog
) -> list[Failed]:
    """Train stacks and store their tables; returns the runs that could not be trained.

    Raises:
        UserError: no such backend, a scheduler that does not answer, or tables that cannot be written.
    """
    if not stacks:
        return []
    backend = workers.make_backend()
    n = worker_count(stacks, workers)
    if n == 1 and backend.is_local:
        return train_with_retries(stacks, LocalTrainer(folder, listener), log)
    with (
        notes.notes_folder(folder) as work,
        Sharing(() if backend.workers == "threads" else stacks) as sharing,
        backend.pool(n, work) as run,
    ):
        is_parent = backend.workers == "children"
        trainer = WorkerTrainer(folder, work, run, sharing, is_parent, listener)
        return train_with_retries(stacks, trainer, log)


def worker_count(stacks: Sequence[Stack], workers: Workers) -> int:
    """Number of workers: not more than there are stacks, and than memory has room for.

    The plan stays as it is where memory is short, for the plan decides the bits.
    """
    wanted = cores() if workers.n_jobs in (None, -1) else workers.n_jobs
    assert wanted is not None
    most = min(wanted, len(stacks))
    free = available()
    if free is not None and workers.make_backend().is_local:
        largest = max(stack_bytes(stack.runs) for stack in stacks)
        most = min(most, int(0.8 * free // (largest + WORKER_BYTES)))
    return max(1, most)
