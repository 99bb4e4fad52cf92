"""The optimized gradient method."""

from typing import NamedTuple

from optlab.core.arrays import Array
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rate, Rule, optimizer


class OgmState(NamedTuple):
    theta: float
    y: Array  # (R, P) where the last gradient step ended


@optimizer("gradient", family="accelerated", batches="full", auto=lambda known: 1 / known.L)
def ogm(lr: Rate = 0.01) -> Rule:
    """OGM: the first-order method with the best bound on convex costs, half of Nesterov's.

        theta <- (1 + sqrt(1 + 4 theta^2)) / 2;    1 at first
        y <- w - lr * g
        w <- y + (theta_before - 1) / theta * (y - y_before) + theta_before / theta * (y - w)

    The larger theta of the last step, for which the number of steps must be known, is left out.

    Args:
        lr: learning rate, positive; `auto` is 1 / L, L the Lipschitz constant of the gradient.

    Reference: Kim and Fessler, Optimized first-order methods for smooth convex minimization, 2016, algorithm
    OGM2.
    """

    def init(w: Array, objective: Oracle) -> OgmState:
        return OgmState(1.0, w)

    def update(w: Array, state: OgmState, objective: Oracle) -> tuple[Array, OgmState]:
        theta = (1 + (1 + 4 * state.theta**2) ** 0.5) / 2
        y = w - lr * objective.gradient(w)
        momentum = (state.theta - 1) / theta * (y - state.y)
        return y + momentum + state.theta / theta * (y - w), OgmState(theta, y)

    return Rule(init, update)
