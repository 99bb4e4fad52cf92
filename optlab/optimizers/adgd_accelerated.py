"""Adaptive gradient descent with momentum."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array, quotient, row_dot
from optlab.core.options import Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rule, optimizer


class AcceleratedState(NamedTuple):
    w: Array  # (R, P) parameters before the last step
    gradient: Array  # (R, P) there
    y: Array  # (R, P) where the last gradient step ended
    step: Array  # (R, 1) a, last step length
    mu: Array  # (R, 1) m, last estimate of the strong convexity
    growth: Array  # (R, 1) theta, the last a over the one before
    mu_growth: Array  # (R, 1) eta, the last m over the one before


@optimizer("gradient", family="accelerated", tuned=False, batches="full")
def adgd_accelerated(lr: Positive = 1e-3) -> Rule:
    """Adaptive gradient descent with the momentum that the largest and the least curvature met suggest.

        q = ||g - g_before|| / ||w - w_before||
        a <- min(sqrt(1 + theta / 2) * a, 1 / (2 q)),    theta <- a / a_before
        m <- min(sqrt(1 + eta / 2) * m, q / 2),          eta <- m / m_before
        b =  (1 - sqrt(a m)) / (1 + sqrt(a m))
        y <- w - a * g
        w <- y + b * (y - y_before)

    At first a = lr, m = 1 / lr, and theta and eta are infinite; where q is 0 or not known, all four stay. A
    heuristic: convergence is not proven.

    Args:
        lr: length of the first step, positive and small; a schedule does not act on the later ones.

    Reference: Malitsky and Mishchenko, Adaptive Gradient Descent without Descent, 2020, algorithm 2.
    """

    def init(w: Array, objective: Oracle) -> AcceleratedState:
        a, infinite = np.zeros_like(w[:, :1]) + lr, np.full_like(w[:, :1], np.inf)
        return AcceleratedState(w, np.zeros_like(w), w, a, 1 / a, infinite, infinite)

    def update(w: Array, state: AcceleratedState, objective: Oracle) -> tuple[Array, AcceleratedState]:
        g, (w_before, g_before, y_before, a_before, m_before, theta, eta) = objective.gradient(w), state
        s, change = w - w_before, g - g_before
        above, below = np.sqrt(row_dot(change, change)), np.sqrt(row_dot(s, s))
        known = (above > 0) & (below > 0)
        a = np.minimum(np.sqrt(1 + theta / 2) * a_before, quotient(below, 2 * above, known, a_before))
        m = np.minimum(np.sqrt(1 + eta / 2) * m_before, quotient(above, 2 * below, known, m_before))
        theta, eta = np.where(known, a / a_before, theta), np.where(known, m / m_before, eta)
        b = (1 - np.sqrt(a * m)) / (1 + np.sqrt(a * m))
        y = w - a * g
        return y + b * (y - y_before), AcceleratedState(w, g, y, a, m, theta, eta)

    return Rule(init, update)
