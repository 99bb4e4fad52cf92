"""Limited-memory BFGS."""

from typing import Literal, NamedTuple

import numpy as np

from optlab.core.arrays import Array, quotient, row_dot
from optlab.core.options import Count, OpenFraction, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.linesearch import Line, backtracking, moved, strong_wolfe
from optlab.optimizers.rule import Rule, optimizer


class Pair(NamedTuple):
    s: Array  # (R, P) change of the parameters in a step
    y: Array  # (R, P) change of the gradient
    rho: Array  # (R, 1) 1 / s.y; 0 where the pair is left out


class LbfgsState(NamedTuple):
    w: Array  # (R, P) parameters before the last step
    gradient: Array  # (R, P) there
    scale: Array  # (R, 1) multiple of the identity that the inverse Hessian is built on
    pairs: tuple[Pair, ...] | None  # the last `history` of them, oldest first; None before the first step


@optimizer("value", "gradient", family="quasi-Newton", tuned=False, batches="full")
def lbfgs(
    lr: Positive = 1.0,
    history: Count = 10,
    line_search: Literal["strong_wolfe", "backtracking", "none"] = "strong_wolfe",
    armijo: OpenFraction = 1e-4,
    curvature: OpenFraction = 0.9,
) -> Rule:
    """L-BFGS: an inverse Hessian B from the last steps, never formed; for full batches.

        s = w - w_before,  y = g - g_before;   left out where s.y <= eps * |s.g_before|: not above rounding
        B = BFGS updates of (s.y / y.y) * I by the last `history` pairs (s, y)
        w <- w - step * B g,    step found by `line_search` from lr; from lr * min(1, 1 / ||g||_1) at first

    Args:
        lr: step length tried first, positive.
        history: number of pairs kept, at least 1; memory 2 * history * P a run.
        line_search: `strong_wolfe`, `backtracking`, or `none` to take the step lr as it is.
        armijo: share of the predicted decrease that a step must reach, in (0, 1).
        curvature: share of the slope that may be left, in (armijo, 1); strong_wolfe only.

    Reference: Nocedal and Wright, Numerical Optimization, 2nd ed. 2006, algorithms 7.4 and 7.5, eq. (7.20).
    Pairs are left out as in the code of Zhu, Byrd, Lu and Nocedal, Algorithm 778: L-BFGS-B, 1997; PyTorch
    leaves them out where s.y <= 1e-10, and its default history is 100.
    """

    def init(w: Array, objective: Oracle) -> LbfgsState:
        return LbfgsState(w, np.zeros_like(w), np.ones_like(w[:, :1]), None)

    def update(w: Array, state: LbfgsState, objective: Oracle) -> tuple[Array, LbfgsState]:
        value, g = objective.value_and_gradient(w)
        first: float | Array = lr
        scale, pairs = state.scale, state.pairs
        if pairs is None:
            pairs, first = (), lr / np.maximum(1, np.abs(g).sum(1, keepdims=True))
        else:
            pair = make_pair(w - state.w, g - state.gradient, state.gradient)
            scale = quotient(row_dot(pair.s, pair.y), row_dot(pair.y, pair.y), pair.rho > 0, scale)
            pairs = append_pair(pair, pairs)[-history:]
        direction = -inverse_hessian_product(pairs, scale, g)
        line = Line(objective, w, direction, value, row_dot(g, direction)[:, 0])
        if line_search == "strong_wolfe":
            step = strong_wolfe(line, first, armijo, curvature)
        elif line_search == "backtracking":
            step = backtracking(line, first, armijo)
        else:
            step = (np.zeros_like(w[:, :1]) + first)[:, 0]
        return moved(w, step, direction), LbfgsState(w, g, scale, pairs)

    return Rule(init, update)


def make_pair(s: Array, y: Array, g_before: Array) -> Pair:
    """The pair of a step, left out where the slope along it has not risen by more than rounding."""
    curvature, number = row_dot(s, y), np.finfo(s.dtype)
    sound = curvature > number.eps * np.abs(row_dot(s, g_before))
    sound &= np.minimum(curvature, row_dot(y, y)) > number.tiny  # both are divided by
    return Pair(s, y, quotient(np.ones_like(curvature), curvature, sound))


def append_pair(new: Pair, pairs: tuple[Pair, ...]) -> tuple[Pair, ...]:
    """The pairs and a new one, oldest first; in front is the new one of a run that leaves it out.

    So it displaces none that counts. Except in a run that has not moved, which forgets its oldest pair
    all the same: with the same pairs it would try the same direction for ever.
    """
    if (new.rho > 0).all():
        return (*pairs, new)
    last = (new.rho > 0) | (new.s == 0).all(1, keepdims=True)
    places = zip((*pairs, new), (new, *pairs), strict=True)
    return tuple(Pair(*(np.where(last, a, b) for a, b in zip(*place, strict=True))) for place in places)


def inverse_hessian_product(pairs: tuple[Pair, ...], scale: Array, g: Array) -> Array:
    """B g by the two-loop recursion."""
    q, alphas = g, []
    for s, y, rho in reversed(pairs):
        alphas.append(rho * row_dot(s, q))
        q = q - alphas[-1] * y
    q = scale * q
    for (s, y, rho), alpha in zip(pairs, reversed(alphas), strict=True):
        q = q + (alpha - rho * row_dot(y, q)) * s
    return q
