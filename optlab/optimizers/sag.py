"""Stochastic average gradient."""

from typing import Any, NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rate, Rule, optimizer


class SagState(NamedTuple):
    m: Array  # (R, 1) number of different samples seen
    table: Array  # (R, K, n) slope of every sample's loss in its scores, when it was last seen; NaN before
    total: Array  # (R, P) sum over all samples of the gradients of the losses that have these slopes


@optimizer(
    "sample_slopes", family="variance reduction", batches="mini", auto=lambda known: 1 / (16 * known.L_max)
)
def sag(lr: Rate = 0.01) -> Rule:
    """SAG: steps along the mean of the gradients that all samples had when last seen; for linear models.

        s  = slopes of the losses of the batch's samples at w, in their scores
        total <- total + sum over the batch of (s - table) x,   table <- s  for the samples of the batch
        w <- w - lr * (total / m + gradient of the penalty),    m = number of different samples seen so far

    The table is 0 for samples that have not been seen.

    A sample's gradient is its slopes times its inputs x: one number per sample and class is kept, never a
    gradient per sample. Made for batches that are drawn independently (training.sampling=independent): in
    permutations of many batches, where all entries are old at once, it needs far smaller rates.

    Args:
        lr: learning rate, positive; `auto` is 1 / (16 L_max), L_max the largest Lipschitz constant of the
            gradient of a sample's penalised loss; proven for single samples drawn independently. The
            paper's experiments find 1 / L_max to be better still.

    Reference: Schmidt, Le Roux and Bach, Minimizing Finite Sums with the Stochastic Average Gradient, 2017,
    algorithm 1, with m and the exact gradient of the penalty as in section 4.
    """

    def init(w: Array, objective: Oracle) -> SagState:
        shape = len(w), objective.n_scores, objective.n_total
        return SagState(np.zeros_like(w[:, :1]), np.full(shape, np.nan, w.dtype), np.zeros_like(w))

    def update(w: Array, state: SagState, objective: Oracle) -> tuple[Array, SagState]:
        m, table, total = state
        batch: Any = (..., objective.positions)
        slopes, before = objective.sample_slopes(w), table[batch]
        is_new = np.isnan(before)
        m = m + is_new[:, 0].sum(1, keepdims=True, dtype=w.dtype)
        change = objective.gradient_from_slopes(slopes - np.where(is_new, 0, before))
        total = total + objective.n_samples * change
        table[batch] = slopes
        step = total / m + objective.penalty_gradient(w)
        return w - lr * objective.clipped(step), SagState(m, table, total)

    return Rule(init, update)
