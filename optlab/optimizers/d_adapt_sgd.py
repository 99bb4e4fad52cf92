"""SGD with D-Adaptation."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array, quotient, row_dot
from optlab.core.options import Fraction, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rule, optimizer


class DAdaptSgdState(NamedTuple):
    origin: Array  # (R, P) where the run began
    s: Array  # (R, P) weighted sum of gradients
    d: Array  # (R, 1) lower bound of the distance to the optimum
    numerator: Array  # (R, 1)
    first_norm: Array | None  # (R, 1) norm of the first gradient; None before the first step


@optimizer("gradient", family="parameter-free", tuned=False)
def d_adapt_sgd(lr: Positive = 1.0, momentum: Fraction = 0.0, d0: Positive = 1e-6) -> Rule:
    """SGD with D-Adaptation: the rate is a growing lower bound d of the distance to the optimum.

        a = lr * d / ||g_0||
        q <- q + a * g.s
        s <- s + a * g
        d <- max(d, 2 q / ||s||)
        w <- momentum * w + (1 - momentum) * (w_0 - s)

    Args:
        lr: multiplies the rate, positive; 1 is the published method.
        momentum: share of w that is kept, in [0, 1).
        d0: initial d, positive and small.

    Reference: Defazio and Mishchenko, Learning-Rate-Free Learning by D-Adaptation, 2023, algorithm 4; as in
    the authors' package, w_0 - s takes the place of z - a g.
    """

    def init(w: Array, objective: Oracle) -> DAdaptSgdState:
        number = np.zeros_like(w[:, :1])
        return DAdaptSgdState(w, np.zeros_like(w), number + d0, number, None)

    def update(w: Array, state: DAdaptSgdState, objective: Oracle) -> tuple[Array, DAdaptSgdState]:
        g, first_norm = objective.gradient(w), state.first_norm
        if first_norm is None:
            first_norm = np.sqrt(row_dot(g, g))
        a = quotient(lr * state.d, first_norm, first_norm > np.finfo(w.dtype).tiny)
        q = state.numerator + a * row_dot(g, state.s)
        s = state.s + a * g
        norm = np.sqrt(row_dot(s, s))
        d = np.maximum(state.d, quotient(2 * q, norm, norm > np.finfo(w.dtype).tiny))
        w = momentum * w + (1 - momentum) * (state.origin - s)
        return w, DAdaptSgdState(state.origin, s, d, q, first_norm)

    return Rule(init, update)
