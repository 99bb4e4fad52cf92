"""Distance over weighted gradients."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array, row_dot
from optlab.core.options import Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rule, optimizer


class DowgState(NamedTuple):
    origin: Array  # (R, P) where the run began
    square: Array  # (R, 1) r^2, r the largest distance from there
    total: Array  # (R, 1) weighted sum of squared norms of gradients


@optimizer("gradient", family="parameter-free", tuned=False)
def dowg(lr: Positive = 1.0, eps: Positive = 1e-4) -> Rule:
    """DoWG: DoG whose gradients count the more, the farther the run has come.

        r^2 <- max(r^2, ||w - w_0||^2);    r^2 = eps at first
        v   <- v + r^2 * ||g||^2
        w   <- w - lr * r^2 / (sqrt(v) + eps) * g

    Args:
        lr: multiplies the rate, positive; 1 is the published method.
        eps: initial value of r^2, and added to the root, positive.

    Reference: Khaled, Mishchenko and Jin, DoWG Unleashed: An Efficient Universal Parameter-Free Gradient
    Descent Method, 2023, algorithm 1; eps as in the authors' code. The package of the name begins with r^2 =
    1 - eps and clips gradients.
    """

    def init(w: Array, objective: Oracle) -> DowgState:
        return DowgState(w, np.zeros_like(w[:, :1]) + eps, np.zeros_like(w[:, :1]))

    def update(w: Array, state: DowgState, objective: Oracle) -> tuple[Array, DowgState]:
        g, moved = objective.gradient(w), w - state.origin
        square = np.maximum(state.square, row_dot(moved, moved))
        total = state.total + square * row_dot(g, g)
        return w - lr * square / (np.sqrt(total) + eps) * g, DowgState(state.origin, square, total)

    return Rule(init, update)
