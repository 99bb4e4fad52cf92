"""Stochastic variance-reduced gradient."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.options import Count
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rate, Rule, optimizer


class SvrgState(NamedTuple):
    seen: int  # samples since the anchor was set; 0: a new one is due
    anchor: Array  # (R, P)
    mu: Array  # (R, P) gradient on all samples at the anchor


@optimizer(
    "gradient",
    "full_batch",
    family="variance reduction",
    batches="mini",
    auto=lambda known: 1 / (10 * known.L_max),
)
def svrg(lr: Rate = 0.01, anchor_epochs: Count = 2) -> Rule:
    """SVRG: batch gradients corrected by what the batch's gradient was at an anchor; for mini-batches.

        every `anchor_epochs` epochs:   a <- w,   mu <- gradient of J at a, on all samples
        w <- w - lr * (g(w) - g(a) + mu),   both g on the batch of the step

    A step asks for two batch gradients, an anchor for one gradient on all samples. On the full batch this is
    gradient descent. Dropout is refused: mu has no masks, so that a step is mostly the gradient without them.

    Args:
        lr: learning rate, positive; `auto` is 1 / (10 L_max), L_max the largest Lipschitz constant of the
            gradient of a sample's penalised loss; proven for single samples drawn independently
            (training.sampling=independent) and anchors far enough apart (theorem 1).
        anchor_epochs: epochs between two anchors, at least 1.

    Reference: Johnson and Zhang, Accelerating Stochastic Gradient Descent using Predictive Variance
    Reduction, 2013, fig. 1, option I.
    """

    def init(w: Array, objective: Oracle) -> SvrgState:
        return SvrgState(0, w, np.zeros_like(w))

    def update(w: Array, state: SvrgState, objective: Oracle) -> tuple[Array, SvrgState]:
        seen, anchor, mu = state
        if seen == 0:
            anchor, mu = w, objective.full_batch.gradient(w, clip=False)
        step = objective.gradient(w, clip=False) - objective.gradient(anchor, clip=False) + mu
        seen += objective.n_samples
        due = seen >= anchor_epochs * objective.n_total
        return w - lr * objective.clipped(step), SvrgState(0 if due else seen, anchor, mu)

    return Rule(init, update)
