"""Nonlinear conjugate gradients."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array, quotient, row_dot
from optlab.core.options import OpenFraction, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.linesearch import Line, moved, strong_wolfe
from optlab.optimizers.rule import Rule, optimizer


class ConjugateState(NamedTuple):
    gradient: Array  # (R, P) of the step before
    direction: Array  # (R, P) of the step before
    decrease: Array  # (R, 1) step length times slope there, both of the step before


@optimizer("value", "gradient", family="quasi-Newton", tuned=False, batches="full")
def nonlinear_cg(lr: Positive = 1.0, armijo: OpenFraction = 1e-4, curvature: OpenFraction = 0.1) -> Rule:
    """Conjugate gradients of Polak and Ribière, restarted (PR+), with strong Wolfe steps; for full batches.

        beta = max(0, g.(g - g_before) / g_before.g_before)
        d <- -g + beta * d,    or -g where that does not descend
        w <- w + step * d,     step tried first: the step before * its slope / the slope of now

    Args:
        lr: step length tried first in the first step, positive; a schedule does not act on the later ones.
        armijo: share of the predicted decrease that a step must reach, in (0, 1).
        curvature: share of the slope that may be left, in (armijo, 1).

    Reference: Nocedal and Wright, Numerical Optimization, 2nd ed. 2006, algorithm 5.4 with eq. (5.45); first
    trial: eq. (3.60).
    """

    def init(w: Array, objective: Oracle) -> ConjugateState:
        return ConjugateState(np.zeros_like(w), np.zeros_like(w), np.zeros_like(w[:, :1]))

    def update(w: Array, state: ConjugateState, objective: Oracle) -> tuple[Array, ConjugateState]:
        value, g = objective.value_and_gradient(w)
        before, tiny = row_dot(state.gradient, state.gradient), np.finfo(w.dtype).tiny
        beta = np.maximum(quotient(row_dot(g, g - state.gradient), before, before > tiny), 0)
        d = -g + beta * state.direction
        d = np.where(row_dot(g, d) < 0, d, -g)
        slope = row_dot(g, d)
        first = quotient(state.decrease, slope, (state.decrease < 0) & (slope < -tiny), lr)
        line = Line(objective, w, d, value, slope[:, 0])
        step = strong_wolfe(line, first, armijo, curvature)
        return moved(w, step, d), ConjugateState(g, d, step[:, None] * slope)

    return Rule(init, update)
