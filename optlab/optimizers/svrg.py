"""Stochastic variance-reduced gradient."""

from typing import NamedTuple

import numpy as np

from optlab.arrays import Array
from optlab.objective import Objective
from optlab.optimizers.rule import Rule, optimizer
from optlab.options import Count, Positive


class SvrgState(NamedTuple):
    seen: int  # samples since the anchor was set; 0: a new one is due
    anchor: Array  # (R, P)
    full: Array  # (R, P) gradient on all samples at the anchor


@optimizer("gradient")
def svrg(lr: Positive = 0.01, anchor_epochs: Count = 2) -> Rule:
    """SVRG: batch gradients corrected by what the batch's gradient was at an anchor; for mini-batches.

        every `anchor_epochs` epochs:   a <- w,   mu <- gradient of J at a, on all samples
        w <- w - lr * (g(w) - g(a) + mu),   both g on the batch of the step

    A step asks for two batch gradients, an anchor for one gradient on all samples. On the full batch this is
    gradient descent.

    Args:
        lr: learning rate, positive.
        anchor_epochs: epochs between two anchors, at least 1.

    Reference: Johnson and Zhang, Accelerating Stochastic Gradient Descent using Predictive Variance
    Reduction, 2013, fig. 1, option I.
    """

    def init(w: Array, objective: Objective) -> SvrgState:
        return SvrgState(0, w, np.zeros_like(w))

    def update(w: Array, state: SvrgState, objective: Objective) -> tuple[Array, SvrgState]:
        seen, anchor, full = state
        if seen == 0:
            anchor, full = w, objective.full.gradient(w)
        step = objective.gradient(w) - objective.gradient(anchor) + full
        seen += objective.n_samples
        due = seen >= anchor_epochs * objective.full.n_samples
        return w - lr * step, SvrgState(0 if due else seen, anchor, full)

    return Rule(init, update)
