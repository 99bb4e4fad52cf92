"""Accelerated proximal gradient descent."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array, row_dot
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rate, Rule, optimizer


class FistaState(NamedTuple):
    y: Array  # (R, P) where the next gradient is taken
    t: Array  # (R, 1) momentum; 1 after a start


@optimizer("gradient_elsewhere", "prox", family="proximal", batches="full", auto=lambda known: 1 / known.L)
def fista(lr: Rate = 0.01, restart: bool = True) -> Rule:
    """FISTA: proximal gradient steps from points ahead of w; starts anew where momentum leads uphill.

        u  <- prox(y - lr * g(y), lr)
        t' <- (1 + sqrt(1 + 4 t^2)) / 2
        y  <- u + (t - 1) / t' * (u - w);   with `restart`, y <- u and t' <- 1 where (y - u).(u - w) > 0
        w  <- u

    Args:
        lr: learning rate, positive; `auto` is 1 / L, L the Lipschitz constant of g: for convex costs the gap
            then falls at least as 1 / k^2 (theorem 4.4).
        restart: whether momentum is dropped where it points against the step.

    Reference: Beck and Teboulle, A Fast Iterative Shrinkage-Thresholding Algorithm for Linear Inverse
    Problems, 2009, eq. (4.1) to (4.3); O'Donoghue and Candes, Adaptive Restart for Accelerated Gradient
    Schemes, 2015, section 3.2, gradient scheme.
    """

    def init(w: Array, objective: Oracle) -> FistaState:
        return FistaState(w, np.ones_like(w[:, :1]))

    def update(w: Array, state: FistaState, objective: Oracle) -> tuple[Array, FistaState]:
        y, t = state
        u = objective.prox(y - lr * objective.gradient(y), lr)
        t_next = (1 + np.sqrt(1 + 4 * t**2)) / 2
        ahead = u + (t - 1) / t_next * (u - w)
        if restart:
            uphill = row_dot(y - u, u - w) > 0
            ahead, t_next = np.where(uphill, u, ahead), np.where(uphill, 1, t_next)
        return u, FistaState(ahead, t_next)

    return Rule(init, update)
