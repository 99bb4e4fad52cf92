"""The stochastic recursive gradient."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.options import Count
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rate, Rule, optimizer


class SarahState(NamedTuple):
    seen: int  # samples since the last full gradient; 0: one is due
    w: Array  # (R, P) parameters before the last step
    v: Array  # (R, P) estimate of the gradient there


@optimizer(
    "gradient",
    "full_batch",
    family="variance reduction",
    batches="mini",
    auto=lambda known: 1 / (2 * known.L_max),
)
def sarah(lr: Rate = 0.01, anchor_epochs: Count = 1) -> Rule:
    """SARAH: an estimate of the gradient that each batch brings up to date; for mini-batches.

        every `anchor_epochs` epochs:   v <- gradient of J at w, on all samples
        else:                           v <- v + g(w) - g(w_before),   both g on the batch of the step
        w <- w - lr * v

    Dropout is refused, as by `svrg`.

    Args:
        lr: learning rate, positive; `auto` is 1 / (2 L_max), L_max the largest Lipschitz constant of the
            gradient of a sample's penalised loss; proven for single samples drawn independently and
            rounds that are long enough.
        anchor_epochs: epochs between two full gradients, at least 1.

    Reference: Nguyen, Liu, Scheinberg and Takáč, SARAH: A Novel Method for Machine Learning Problems Using
    Stochastic Recursive Gradient, 2017, algorithm 1 and theorem 4; a round begins where the last one ended.
    """

    def init(w: Array, objective: Oracle) -> SarahState:
        return SarahState(0, w, np.zeros_like(w))

    def update(w: Array, state: SarahState, objective: Oracle) -> tuple[Array, SarahState]:
        seen, w_before, v = state
        if seen == 0:
            v = objective.full_batch.gradient(w, clip=False)
        else:
            v = v + objective.gradient(w, clip=False) - objective.gradient(w_before, clip=False)
        seen += objective.n_samples
        due = seen >= anchor_epochs * objective.n_total
        return w - lr * objective.clipped(v), SarahState(0 if due else seen, w, v)

    return Rule(init, update)
