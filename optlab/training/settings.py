"""How a stack is trained: the schema of the `training` section."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np

from optlab.core.errors import UserError
from optlab.core.options import Count, Positive
from optlab.training.stopping import StopRules


class Budget(int):
    """The number of steps of a whole training, which also knows how many make an epoch."""

    steps_per_epoch: int

    def __new__(cls, steps: int, steps_per_epoch: int) -> Self:
        budget = super().__new__(cls, steps)
        budget.steps_per_epoch = steps_per_epoch
        return budget


@dataclass(frozen=True)
class Training(StopRules):
    """Budget, batches and records; the schema of the `training` section."""

    batch_size: Count | None = None
    epochs: Count | None = 100
    max_steps: Count | None = None
    clip_norm: Positive | None = None
    sampling: Literal["reshuffled", "independent", "fixed", "shuffled_once"] = "reshuffled"
    record_every: Count | Literal["epoch", "log"] = "epoch"
    record_parameters: Literal["none", "final", "all"] = "none"
    record_activations: bool = False
    repetitions: Count = 1  # of the whole training, for its seconds; see `optlab.sweeps.train.train_repeated`

    def steps_per_epoch(self, n: int) -> int:
        """Number of batches that n samples make; the last may be smaller."""
        return 1 if self.batch_size is None else -(-n // self.batch_size)

    def is_full_batch(self, n: int) -> bool:
        """Whether every step sees all of n samples."""
        return self.batch_size is None or self.batch_size >= n

    def budget(self, n: int) -> Budget:
        """Number of steps after which a run is complete.

        Raises:
            UserError: neither epochs nor max_steps is given.
        """
        if self.epochs is None and self.max_steps is None:
            raise UserError("training.epochs=null training.max_steps=null: no budget; set one of the two")
        limits = [self.max_steps, self.epochs and self.epochs * self.steps_per_epoch(n)]
        return Budget(min(limit for limit in limits if limit is not None), self.steps_per_epoch(n))

    def due_steps(self, n: int) -> Callable[[int], bool]:
        """Whether a step is recorded; step 0 and the last are in any case."""
        budget = self.budget(n)
        if self.record_every == "log":
            points = {0, budget, *np.geomspace(1, budget, 100).round().astype(int).tolist()}
            return points.__contains__
        every = self.steps_per_epoch(n) if self.record_every == "epoch" else self.record_every
        return lambda step: step % every == 0 or step == budget
