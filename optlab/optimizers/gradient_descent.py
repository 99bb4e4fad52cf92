"""Gradient descent with a line search."""

from typing import Literal, NamedTuple

import numpy as np

from optlab.core.arrays import Array, row_dot
from optlab.core.errors import UserError
from optlab.core.options import OpenFraction
from optlab.objective.oracle import Oracle
from optlab.optimizers.linesearch import Line, backtracking, moved, strong_wolfe
from optlab.optimizers.proximal import backtracking_on_path
from optlab.optimizers.rule import Rate, Rule, optimizer


class GradientDescentState(NamedTuple):
    first: Array  # (R, 1) step length to be tried first


@optimizer(
    "value",
    "gradient",
    "prox",
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

    With an l1 penalty, w <- prox(w - step * g, step), g the gradient of the rest.

    Args:
        lr: step length tried first in the first step, positive; a schedule does not act on the later ones.
            `auto` is 1 / L, L the Lipschitz constant of the gradient: without a line search every step then
            lowers a convex cost (Nesterov, Lectures on Convex Optimization, 2018, theorem 2.1.14).
        line_search: `backtracking` halves until Armijo's condition holds; `strong_wolfe` interpolates
            until the slope has fallen too, where the cost is smooth; `none` takes every step lr as it is.
        armijo: share of the predicted decrease that a step must reach, in (0, 1).
        curvature: share of the slope that may be left, in (armijo, 1); strong_wolfe only.

    Reference: Nocedal and Wright, Numerical Optimization, 2nd ed. 2006, section 3.1, algorithms 3.1 and 3.5;
    with l1, Beck, First-Order Methods in Optimization, 2017, lemma 10.4, whose decrease replaces Armijo's.
    """

    def init(w: Array, objective: Oracle) -> GradientDescentState:
        if line_search == "strong_wolfe" and not objective.is_smooth:
            raise UserError(
                "optimizer.line_search=strong_wolfe: it compares slopes, which jump at the kinks of an l1 "
                "penalty; use optimizer.line_search=backtracking"
            )
        return GradientDescentState(np.zeros_like(w[:, :1]) + lr)

    def update(
        w: Array, state: GradientDescentState, objective: Oracle
    ) -> tuple[Array, GradientDescentState]:
        if line_search == "none":
            return objective.prox(w - lr * objective.gradient(w), lr), state
        value, g = objective.value_and_gradient(w)
        if not objective.is_smooth:
            return proximal_step(objective, w, value, g, state)
        line = Line(objective, w, -g, value, -row_dot(g, g)[:, 0])
        if line_search == "backtracking":
            step = backtracking(line, state.first, armijo)
        else:
            step = strong_wolfe(line, state.first, armijo, curvature)
        first = np.where(step > 0, 2 * step, state.first[:, 0])[:, None]
        return moved(w, step, -g), GradientDescentState(first)

    def proximal_step(
        objective: Oracle, w: Array, value: Array, g: Array, state: GradientDescentState
    ) -> tuple[Array, GradientDescentState]:
        def path(runs: Array, step: Array) -> Array:
            return objective.select_runs(runs).prox(w[runs] - step * g[runs], step)

        def predicted(runs: Array, end: Array, step: Array) -> Array:
            change = end - w[runs]
            return (row_dot(change, change) / step)[:, 0]

        every_run, first = np.arange(len(w)), state.first
        hope = predicted(every_run, path(every_run, first), first)
        end, step = backtracking_on_path(objective, w, value, g, first, armijo, hope, path, predicted)
        return end, GradientDescentState(np.where(step > 0, 2 * step, state.first))

    return Rule(init, update)
