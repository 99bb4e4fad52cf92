"""Adaptive gradient descent."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array, quotient, row_dot
from optlab.core.options import Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rule, optimizer


class AdgdState(NamedTuple):
    w: Array  # (R, P) parameters before the last step
    gradient: Array  # (R, P) there
    step: Array  # (R, 1) a, last step length
    growth: Array  # (R, 1) theta, the last step length over the one before


@optimizer("gradient", family="gradient descent", tuned=False, batches="full")
def adgd(lr: Positive = 1e-3) -> Rule:
    """Adaptive gradient descent: steps as long as the curvature met allows, without a line search.

        a     <- min(sqrt(1 + theta) * a, ||w - w_before|| / (2 ||g - g_before||))
        theta <- a / a_before
        w     <- w - a * g

    At first a = lr, and theta is infinite; where both gradients or both points are equal, both stay.

    Args:
        lr: length of the first step, positive and small; a schedule does not act on the later ones.

    Reference: Malitsky and Mishchenko, Adaptive Gradient Descent without Descent, 2020, algorithm 1.
    """

    def init(w: Array, objective: Oracle) -> AdgdState:
        infinite = np.full_like(w[:, :1], np.inf)
        return AdgdState(w, np.zeros_like(w), np.zeros_like(infinite) + lr, infinite)

    def update(w: Array, state: AdgdState, objective: Oracle) -> tuple[Array, AdgdState]:
        g, (w_before, g_before, a_before, theta) = objective.gradient(w), state
        s, change = w - w_before, g - g_before
        above, below = np.sqrt(row_dot(s, s)), 2 * np.sqrt(row_dot(change, change))
        known = (above > 0) & (below > 0)
        a = np.minimum(np.sqrt(1 + theta) * a_before, quotient(above, below, known, a_before))
        theta = np.where(known, a / a_before, theta)
        return w - a * g, AdgdState(w, g, a, theta)

    return Rule(init, update)
