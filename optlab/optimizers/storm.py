"""Stochastic recursive momentum."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array, row_dot
from optlab.core.options import Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rule, optimizer


class StormState(NamedTuple):
    w: Array  # (R, P) parameters before the last step
    d: Array | None  # (R, P) estimate of the gradient there; None before the first step
    total: Array  # (R, 1) sum of squared norms of gradients
    a: Array  # (R, 1) share of the batch's own gradient in the next estimate


@optimizer("gradient", family="variance reduction", batches="mini")
def storm(lr: Positive = 0.1, offset: Positive = 0.1, c: Positive = 10.0) -> Rule:
    """STORM: momentum corrected by how the batch's gradient has changed, without any full gradient.

        d <- g(w) + (1 - a) * (d - g(w_before)),   both g on the batch of the step;   g(w) in the first
        s <- s + ||g(w)||^2
        r =  lr / (offset + s)^(1/3)
        w <- w - r * d
        a <- min(c * r^2, 1)

    Args:
        lr: numerator of the rate, positive.
        offset: initial sum, positive.
        c: by which the momentum weakens with the rate, positive.

    Reference: Cutkosky and Orabona, Momentum-Based Variance Reduction in Non-Convex SGD, 2019, algorithm 1.
    """

    def init(w: Array, objective: Oracle) -> StormState:
        number = np.zeros_like(w[:, :1])
        return StormState(w, None, number, number)

    def update(w: Array, state: StormState, objective: Oracle) -> tuple[Array, StormState]:
        w_before, d, total, a = state
        g = objective.gradient(w, clip=False)
        d = g if d is None else g + (1 - a) * (d - objective.gradient(w_before, clip=False))
        total = total + row_dot(g, g)
        r = lr / np.cbrt(offset + total)
        return w - r * objective.clipped(d), StormState(w, d, total, np.minimum(c * r**2, 1))

    return Rule(init, update)
