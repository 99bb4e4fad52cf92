"""Adam with D-Adaptation."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array, quotient, row_dot
from optlab.core.options import Fraction, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rule, optimizer


class DAdaptAdamState(NamedTuple):
    m: Array  # (R, P) running mean of steps
    v: Array  # (R, P) running mean of g^2
    s: Array  # (R, P) running mean of scaled gradients
    d: Array  # (R, 1) lower bound of the distance to the optimum
    numerator: Array  # (R, 1)


@optimizer("gradient", family="parameter-free", tuned=False)
def d_adapt_adam(
    lr: Positive = 1.0,
    beta1: Fraction = 0.9,
    beta2: Fraction = 0.999,
    eps: Positive = 1e-8,
    d0: Positive = 1e-6,
) -> Rule:
    """Adam with D-Adaptation: the rate is a growing lower bound d of the distance to the optimum.

        a = lr * d,    b = sqrt(beta2)
        q <- b * q + (1 - b) * a * g.(s / (sqrt(v) + eps))
        m <- beta1 * m + (1 - beta1) * a * g
        v <- beta2 * v + (1 - beta2) * g^2
        s <- b * s + (1 - b) * a * g
        d <- max(d, q / ((1 - b) * ||s||_1))
        w <- w - m / (sqrt(v) + eps)

    Args:
        lr: multiplies the rate, positive; 1 is the published method.
        beta1: decay of the mean of steps, in [0, 1).
        beta2: decay of the mean of g^2, in [0, 1).
        eps: added to the root against division by zero, positive.
        d0: initial d, positive and small.

    Reference: Defazio and Mishchenko, Learning-Rate-Free Learning by D-Adaptation, 2023, algorithm 5.
    """

    def init(w: Array, objective: Oracle) -> DAdaptAdamState:
        zero, number = np.zeros_like(w), np.zeros_like(w[:, :1])
        return DAdaptAdamState(zero, zero, zero, number + d0, number)

    def update(w: Array, state: DAdaptAdamState, objective: Oracle) -> tuple[Array, DAdaptAdamState]:
        g, a, b = objective.gradient(w), lr * state.d, beta2**0.5
        q = b * state.numerator + (1 - b) * a * row_dot(g, state.s / (np.sqrt(state.v) + eps))
        m = beta1 * state.m + (1 - beta1) * a * g
        v = beta2 * state.v + (1 - beta2) * g**2
        s = b * state.s + (1 - b) * a * g
        size = (1 - b) * np.abs(s).sum(1, keepdims=True)
        d = np.maximum(state.d, quotient(q, size, size > np.finfo(w.dtype).tiny))
        return w - m / (np.sqrt(v) + eps), DAdaptAdamState(m, v, s, d, q)

    return Rule(init, update)
