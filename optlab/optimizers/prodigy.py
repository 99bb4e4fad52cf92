"""Prodigy."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array, quotient, row_dot
from optlab.core.options import Fraction, NonNegative, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rule, optimizer


class ProdigyState(NamedTuple):
    origin: Array  # (R, P) where the run began
    m: Array  # (R, P) running mean of d g
    v: Array  # (R, P) running mean of (d g)^2
    s: Array  # (R, P) weighted sum of gradients
    d: Array  # (R, 1) estimate of the distance to the optimum
    numerator: Array  # (R, 1)


@optimizer("gradient", family="parameter-free", tuned=False)
def prodigy(
    lr: Positive = 1.0,
    beta1: Fraction = 0.9,
    beta2: Fraction = 0.999,
    eps: Positive = 1e-8,
    d0: Positive = 1e-6,
    d_coef: Positive = 1.0,
    weight_decay: NonNegative = 0.0,
) -> Rule:
    """Prodigy: Adam whose rate is an estimate d of the distance to the optimum, which grows quickly.

        a = lr * d,    b = sqrt(beta2)
        q <- b * q + a * d / d0 * g.(w_0 - w)
        s <- b * s + a * d / d0 * g
        m <- beta1 * m + (1 - beta1) * d * g
        v <- beta2 * v + (1 - beta2) * (d * g)^2
        d <- max(d, d_coef * q / ||s||_1)
        w <- (1 - a * weight_decay) * w - a * m / (sqrt(v) + d * eps)

    Args:
        lr: multiplies the rate, positive; 1 is the published method.
        beta1: decay of the mean of gradients, in [0, 1).
        beta2: decay of the mean of their squares, in [0, 1).
        eps: times d, added to the root against division by zero, positive.
        d0: initial d, positive and small.
        d_coef: multiplies the estimate, positive; the number to be tuned, if any.
        weight_decay: decoupled decay of all parameters, at least 0.

    Reference: Mishchenko and Defazio, Prodigy: An Expeditiously Adaptive Parameter-Free Learner, 2024,
    algorithm 4.
    """

    def init(w: Array, objective: Oracle) -> ProdigyState:
        zero, number = np.zeros_like(w), np.zeros_like(w[:, :1])
        return ProdigyState(w, zero, zero, zero, number + d0, number)

    def update(w: Array, state: ProdigyState, objective: Oracle) -> tuple[Array, ProdigyState]:
        g, d, a, b = objective.gradient(w), state.d, lr * state.d, beta2**0.5
        q = b * state.numerator + a * d / d0 * row_dot(g, state.origin - w)
        s = b * state.s + a * d / d0 * g
        m = beta1 * state.m + (1 - beta1) * d * g
        v = beta2 * state.v + (1 - beta2) * (d * g) ** 2
        size = np.abs(s).sum(1, keepdims=True)
        d = np.maximum(d, d_coef * quotient(q, size, size > np.finfo(w.dtype).tiny))
        w = (1 - a * weight_decay) * w - a * m / (np.sqrt(v) + d * eps)
        return w, ProdigyState(state.origin, m, v, s, d, q)

    return Rule(init, update)
