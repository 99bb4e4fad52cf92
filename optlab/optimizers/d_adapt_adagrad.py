"""AdaGrad with D-Adaptation."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array, quotient
from optlab.core.options import Fraction, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rule, optimizer


class DAdaptAdagradState(NamedTuple):
    origin: Array  # (R, P) where the run began
    s: Array  # (R, P) weighted sum of gradients
    total: Array  # (R, P) sum of squared gradients
    d: Array  # (R, 1) lower bound of the distance to the optimum, in the infinity norm
    squares: Array  # (R, 1) weighted sum of squared norms of gradients


@optimizer("gradient", family="parameter-free", tuned=False)
def d_adapt_adagrad(
    lr: Positive = 1.0,
    momentum: Fraction = 0.0,
    eps: Positive = 1e-6,
    initial_accumulator: Positive = 1e-6,
    d0: Positive = 1e-6,
) -> Rule:
    """AdaGrad with D-Adaptation: the rate is a growing lower bound d of the distance to the optimum.

        a = lr * d
        v <- v + g^2,    b = sqrt(v) + eps
        s <- s + a * g
        q <- q + a^2 * sum(g^2 / b)
        d <- max(d, (sum(s^2 / b) - q) / ||s||_1)
        w <- momentum * w + (1 - momentum) * (w_0 - s / b)

    Args:
        lr: multiplies the rate, positive; 1 is the published method.
        momentum: share of w that is kept, in [0, 1).
        eps: added to the root against division by zero, positive.
        initial_accumulator: initial value of v, positive.
        d0: initial d, positive and small.

    Reference: Defazio and Mishchenko, Learning-Rate-Free Learning by D-Adaptation, 2023, algorithm 3; initial
    values and momentum as in the authors' package.
    """

    def init(w: Array, objective: Oracle) -> DAdaptAdagradState:
        zero, number = np.zeros_like(w), np.zeros_like(w[:, :1])
        return DAdaptAdagradState(w, zero, zero + initial_accumulator, number + d0, number)

    def update(w: Array, state: DAdaptAdagradState, objective: Oracle) -> tuple[Array, DAdaptAdagradState]:
        g, a = objective.gradient(w), lr * state.d
        v = state.total + g**2
        b = np.sqrt(v) + eps
        s = state.s + a * g
        q = state.squares + a**2 * (g**2 / b).sum(1, keepdims=True)
        size = np.abs(s).sum(1, keepdims=True)
        d_hat = quotient((s**2 / b).sum(1, keepdims=True) - q, size, size > np.finfo(w.dtype).tiny)
        w = momentum * w + (1 - momentum) * (state.origin - s / b)
        return w, DAdaptAdagradState(state.origin, s, v, np.maximum(state.d, d_hat), q)

    return Rule(init, update)
