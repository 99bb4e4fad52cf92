"""BFGS."""

from typing import Literal, NamedTuple

import numpy as np

from optlab.core.arrays import Array, quotient, row_dot
from optlab.core.options import OpenFraction, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.linesearch import Line, backtracking, moved, strong_wolfe
from optlab.optimizers.rule import Rule, optimizer


class BfgsState(NamedTuple):
    w: Array  # (R, P) parameters before the last step
    gradient: Array  # (R, P) there
    inverse: Array  # (R, P, P) B, inverse Hessian
    is_known: Array  # (R, 1) whether a pair has been seen


@optimizer("value", "gradient", family="quasi-Newton", tuned=False, batches="full", matrix=True)
def bfgs(
    lr: Positive = 1.0,
    line_search: Literal["strong_wolfe", "backtracking"] = "strong_wolfe",
    armijo: OpenFraction = 1e-4,
    curvature: OpenFraction = 0.9,
) -> Rule:
    """BFGS: an inverse Hessian B from all steps so far, formed.

        s = w - w_before,  y = g - g_before,  r = 1 / s.y;   left out where s.y <= eps * |s.g_before|
        B <- (s.y / y.y) * I  before the first pair
        B <- (I - r s y^T) B (I - r y s^T) + r s s^T
        w <- w - step * B g,    step found by `line_search` from lr; from lr * min(1, 1 / ||g||_1) at first

    Args:
        lr: step length tried first, positive.
        line_search: `strong_wolfe`, or `backtracking`.
        armijo: share of the predicted decrease that a step must reach, in (0, 1).
        curvature: share of the slope that may be left, in (armijo, 1); strong_wolfe only.

    Reference: Nocedal and Wright, Numerical Optimization, 2nd ed. 2006, algorithm 6.1, eq. (6.17) and (6.20).
    """

    def init(w: Array, objective: Oracle) -> BfgsState:
        identity = np.tile(np.eye(w.shape[1], dtype=w.dtype), (len(w), 1, 1))
        return BfgsState(w, np.zeros_like(w), identity, np.zeros((len(w), 1), bool))

    def update(w: Array, state: BfgsState, objective: Oracle) -> tuple[Array, BfgsState]:
        value, g = objective.value_and_gradient(w)
        inverse, is_known = _with_pair(state, w - state.w, g - state.gradient)
        direction = -np.einsum("rpq,rq->rp", inverse, g)
        first = np.where(is_known, lr, lr / np.maximum(1, np.abs(g).sum(1, keepdims=True)))
        line = Line(objective, w, direction, value, row_dot(g, direction)[:, 0])
        if line_search == "strong_wolfe":
            step = strong_wolfe(line, first, armijo, curvature)
        else:
            step = backtracking(line, first, armijo)
        return moved(w, step, direction), BfgsState(w, g, inverse, is_known)

    return Rule(init, update)


def _with_pair(state: BfgsState, s: Array, y: Array) -> tuple[Array, Array]:
    """B (R, P, P) with the pair of the last step, and which runs have had one (R, 1)."""
    sy, yy, number = row_dot(s, y), row_dot(y, y), np.finfo(s.dtype)
    sound = sy > number.eps * np.abs(row_dot(s, state.gradient))
    sound &= (np.minimum(sy, yy) > number.tiny) & state.gradient.any(1, keepdims=True)
    scale = np.where(sound & ~state.is_known, quotient(sy, yy, sound), 1).astype(s.dtype)
    b = scale[:, :, None] * state.inverse
    r, by = quotient(1.0, sy, sound), np.einsum("rpq,rq->rp", b, y)
    outer = np.einsum("rp,rq->rpq", r * s, by)
    bend = r * (1 + r * row_dot(y, by))
    updated = b - outer - outer.swapaxes(1, 2) + np.einsum("rp,rq->rpq", bend * s, s)
    return np.where(sound[:, :, None], updated, b), state.is_known | sound
