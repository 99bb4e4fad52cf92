"""Limited-memory BFGS."""

from typing import Literal, NamedTuple

import numpy as np

from optlab.arrays import Array, quotient, row_dot
from optlab.objective import Objective
from optlab.optimizers.linesearch import backtracking, strong_wolfe
from optlab.optimizers.rule import Rule, optimizer
from optlab.options import Count, OpenFraction, Positive


class Pair(NamedTuple):
    s: Array  # (R, P) change of the parameters in a step
    y: Array  # (R, P) change of the gradient
    rho: Array  # (R, 1) 1 / s.y; 0 where the pair is left out


class LbfgsState(NamedTuple):
    w: Array  # (R, P) parameters before the last step
    gradient: Array  # (R, P) there
    scale: Array  # (R, 1) multiple of the identity that the inverse Hessian is built on
    pairs: tuple[Pair, ...] | None  # the last `history` of them, oldest first; None before the first step


@optimizer("value", "gradient")
def lbfgs(
    lr: Positive = 1.0,
    history: Count = 10,
    line_search: Literal["strong_wolfe", "backtracking", "none"] = "strong_wolfe",
    armijo: OpenFraction = 1e-4,
    curvature: OpenFraction = 0.9,
) -> Rule:
    """L-BFGS: an inverse Hessian B from the last steps, never formed; for full batches.

        s = w - w_before,  y = g - g_before;   left out where s.y is not positive
        B = BFGS updates of (s.y / y.y) * I by the last `history` pairs (s, y)
        w <- w - step * B g,    step found by `line_search` from lr; from lr * min(1, 1 / ||g||_1) at first

    Args:
        lr: step length tried first, positive.
        history: number of pairs kept, at least 1; memory 2 * history * P a run.
        line_search: `strong_wolfe`, `backtracking`, or `none` to take the step lr as it is.
        armijo: share of the predicted decrease that a step must reach, in (0, 1).
        curvature: share of the slope that may be left, in (armijo, 1); strong_wolfe only.

    Reference: Nocedal and Wright, Numerical Optimization, 2nd ed. 2006, algorithms 7.4 and 7.5, eq. (7.20).
    PyTorch's default history is 100.
    """

    def init(w: Array, objective: Objective) -> LbfgsState:
        return LbfgsState(w, np.zeros_like(w), np.ones_like(w[:, :1]), None)

    def update(w: Array, state: LbfgsState, objective: Objective) -> tuple[Array, LbfgsState]:
        value, g = objective.value_and_gradient(w)
        first: float | Array = lr
        scale, pairs = state.scale, state.pairs
        if pairs is None:
            pairs, first = (), lr / np.maximum(1, np.abs(g).sum(1, keepdims=True))
        else:
            pair = _pair(w - state.w, g - state.gradient)
            scale = quotient(row_dot(pair.s, pair.y), row_dot(pair.y, pair.y), pair.rho > 0, scale)
            pairs = (*pairs, pair)[-history:]
        direction = -_inverse_hessian_product(pairs, scale, g)
        slope = row_dot(g, direction)[:, 0]
        if line_search == "strong_wolfe":
            step = strong_wolfe(objective, w, direction, value, slope, first, armijo, curvature)[:, None]
        elif line_search == "backtracking":
            step = backtracking(objective, w, direction, value, slope, first, armijo)[:, None]
        else:
            step = np.zeros_like(w[:, :1]) + first
        return w + step * direction, LbfgsState(w, g, scale, pairs)

    return Rule(init, update)


def _pair(s: Array, y: Array) -> Pair:
    curvature = row_dot(s, y)
    sound = curvature > np.finfo(s.dtype).eps * row_dot(y, y)
    return Pair(s, y, quotient(np.ones_like(curvature), curvature, sound))


def _inverse_hessian_product(pairs: tuple[Pair, ...], scale: Array, g: Array) -> Array:
    """B g by the two-loop recursion."""
    q, alphas = g, []
    for s, y, rho in reversed(pairs):
        alphas.append(rho * row_dot(s, q))
        q = q - alphas[-1] * y
    q = scale * q
    for (s, y, rho), alpha in zip(pairs, reversed(alphas), strict=True):
        q = q + (alpha - rho * row_dot(y, q)) * s
    return q
