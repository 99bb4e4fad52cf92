"""Gradient descent with a line search."""

from typing import Literal, NamedTuple

import numpy as np

from optlab.core.arrays import Array, row_dot
from optlab.core.options import OpenFraction
from optlab.objective.oracle import Oracle
from optlab.optimizers.linesearch import Line, backtracking, moved, strong_wolfe
from optlab.optimizers.rule import Rate, Rule, optimizer


class GradientDescentState(NamedTuple):
    first: Array  # (R, 1) step length to be tried first


@optimizer(
    "value",
    "gradient",
    family="gradient descent",
    tuned=False,
    batches="full",
    auto=lambda known: 1 / known.L,
)
def gradient_descent(
    lr: Rate = 1.0,
    line_search: Literal["backtracking", "strong_wolfe", "none"] = "backtracking",
    armijo: OpenFraction = 1e-4,
    curvature: OpenFraction = 0.9,
) -> Rule:
    """Steepest descent, every step as long as a line search finds good; for full batches.

        w <- w - step * g,    step found by `line_search` from 2 * the step before; from lr at first

    Args:
        lr: step length tried first in the first step, positive; a schedule does not act on the later ones.
            `auto` is 1 / L, L the Lipschitz constant of the gradient: without a line search every step then
            lowers a convex cost (Nesterov, Lectures on Convex Optimization, 2018, theorem 2.1.14).
        line_search: `backtracking` halves until Armijo's condition holds; `strong_wolfe` interpolates
            until the slope has fallen too; `none` takes every step lr as it is.
        armijo: share of the predicted decrease that a step must reach, in (0, 1).
        curvature: share of the slope that may be left, in (armijo, 1); strong_wolfe only.

    Reference: Nocedal and Wright, Numerical Optimization, 2nd ed. 2006, section 3.1, algorithms 3.1 and 3.5.
    """

    def init(w: Array, objective: Oracle) -> GradientDescentState:
        return GradientDescentState(np.zeros_like(w[:, :1]) + lr)

    def update(
        w: Array, state: GradientDescentState, objective: Oracle
    ) -> tuple[Array, GradientDescentState]:
        if line_search == "none":
            return w - lr * objective.gradient(w), state
        value, g = objective.value_and_gradient(w)
        line = Line(objective, w, -g, value, -row_dot(g, g)[:, 0])
        if line_search == "backtracking":
            step = backtracking(line, state.first, armijo)
        else:
            step = strong_wolfe(line, state.first, armijo, curvature)
        first = np.where(step > 0, 2 * step, state.first[:, 0])[:, None]
        return moved(w, step, -g), GradientDescentState(first)

    return Rule(init, update)
