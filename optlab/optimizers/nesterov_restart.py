"""Nesterov's method with restarts."""

from typing import Literal, NamedTuple

import numpy as np

from optlab.core.arrays import Array, row_dot
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rate, Rule, optimizer


class RestartState(NamedTuple):
    t: Array  # (R, 1)
    x: Array  # (R, P) where the last gradient step ended
    value: Array  # (R,) J at the last w


@optimizer("value", "gradient", family="accelerated", batches="full", auto=lambda known: 1 / known.L)
def nesterov_restart(lr: Rate = 0.01, restart: Literal["function", "gradient", "none"] = "function") -> Rule:
    """Nesterov's method of 1983, whose momentum grows, and begins again where it leads uphill.

        s = t_before,    1 in the first step and where a restart is due
        t <- (1 + sqrt(1 + 4 s^2)) / 2
        x <- w - lr * g
        w <- x + (s - 1) / t * (x - x_before)

    The parameters of a run are w, the point looked ahead to.

    Args:
        lr: learning rate, positive; `auto` is 1 / L, L the Lipschitz constant of the gradient.
        restart: when one is due: `function`, where J(w) has risen; `gradient`, where g.(x - x_before) > 0;
            `none`: Nesterov's method as it was.

    Reference: O'Donoghue and Candès, Adaptive Restart for Accelerated Gradient Schemes, 2015, section 3;
    the function is taken at w, where it is known. Without restarts: Nesterov, A method of solving a convex
    programming problem with convergence rate O(1/k^2), 1983.
    """

    def init(w: Array, objective: Oracle) -> RestartState:
        return RestartState(np.ones_like(w[:, :1]), w, np.full_like(w[:, 0], np.inf))

    def update(w: Array, state: RestartState, objective: Oracle) -> tuple[Array, RestartState]:
        value, g = objective.value_and_gradient(w)
        x = w - lr * g
        uphill = (value > state.value)[:, None] if restart == "function" else row_dot(g, x - state.x) > 0
        s = np.where(uphill & (restart != "none"), 1, state.t).astype(w.dtype)
        t = (1 + np.sqrt(1 + 4 * s**2)) / 2
        return x + (s - 1) / t * (x - state.x), RestartState(t, x, value)

    return Rule(init, update)
