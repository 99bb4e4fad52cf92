"""Mini-batches: which samples a step sees, and which hidden units it silences."""

from collections.abc import Iterator

import numpy as np

from optlab.core.arrays import Array
from optlab.core.streams import Purpose, stream
from optlab.objective.oracle import Oracle
from optlab.training.settings import Training


class Batches:
    """The batches of a stack, one after the other, drawn from a seed that all its runs share.

    Args:
        n: number of training samples.
        training: their size and how they are drawn.
        seed: of the runs; nothing is drawn from it on the full batch without dropout.
        dropout: whether hidden units are silenced.
    """

    def __init__(self, n: int, training: Training, seed: int, dropout: bool) -> None:
        self.steps_on_recorded_cost = training.is_full_batch(n) and not dropout
        """Whether every step is taken on the cost that is recorded."""
        self._indices = sample_indices(n, training, seed)
        self._rng = stream(Purpose.DROPOUT, seed) if dropout else None

    def next(self, oracle: Oracle) -> Oracle:
        """The oracle on all samples, on the batch of the next step."""
        return oracle if self.steps_on_recorded_cost else oracle.batch(next(self._indices), self._rng)


def sample_indices(n: int, training: Training, seed: int) -> Iterator[Array | slice]:
    """Samples of one batch after the other.

    `reshuffled`: the pieces of a fresh permutation every epoch. `shuffled_once`: of the same every epoch.
    `fixed`: of the data in their own order (the incremental gradient method). `independent`: draws of
    different samples.

    Reference: Mishchenko, Khaled and Richtárik, Random Reshuffling: Simple Analysis with Vast Improvements,
    2020, which names the first three RR, SO and IG.
    """
    while training.is_full_batch(n):
        yield slice(None)
    batch_size = training.batch_size
    assert batch_size is not None
    rng = stream(Purpose.BATCHES, seed)
    while training.sampling == "independent":
        yield rng.choice(n, batch_size, replace=False, shuffle=False)
    order = np.arange(n) if training.sampling == "fixed" else rng.permutation(n)
    while True:
        for start in range(0, n, batch_size):
            yield order[start : start + batch_size]
        if training.sampling == "reshuffled":
            order = rng.permutation(n)
