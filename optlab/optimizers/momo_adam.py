"""MoMo-Adam."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array, quotient, row_dot
from optlab.core.options import Fraction, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rule, optimizer


class MomoAdamState(NamedTuple):
    t: int
    m: Array  # (R, P) running mean of g
    v: Array  # (R, P) running mean of g^2
    value: Array  # (R, 1) running mean of the batches' costs
    product: Array  # (R, 1) running mean of g.w


@optimizer("value", "gradient", family="Polyak", tuned=False)
def momo_adam(
    lr: Positive = 1e-2,
    beta1: Fraction = 0.9,
    beta2: Fraction = 0.999,
    eps: Positive = 1e-8,
    bound: float = 0.0,
) -> Rule:
    """MoMo-Adam: Adam whose step comes from a model of the cost that all batches seen support.

        m <- beta1 * m + (1 - beta1) * g
        v <- beta2 * v + (1 - beta2) * g^2,      D = sqrt(v / (1 - beta2^t)) + eps
        f <- beta1 * f + (1 - beta1) * J_B
        c <- beta1 * c + (1 - beta1) * g.w
        b =  1 - beta1^t
        w <- w - min(lr / b, max(f + m.w - c - b * bound, 0) / sum(m^2 / D)) * m / D

    Args:
        lr: largest learning rate, positive.
        beta1: decay of the means of g, J_B and g.w, in [0, 1).
        beta2: decay of the mean of g^2, in [0, 1).
        eps: added to the root against division by zero, positive.
        bound: of the cost from below; 0 is one for every loss here.

    Reference: Schaipp, Ohana, Eickenberg, Defazio and Gower, MoMo: Momentum Models for Adaptive Learning
    Rates, 2024, algorithm 2.
    """

    def init(w: Array, objective: Oracle) -> MomoAdamState:
        zero, number = np.zeros_like(w), np.zeros_like(w[:, :1])
        return MomoAdamState(0, zero, zero, number, number)

    def update(w: Array, state: MomoAdamState, objective: Oracle) -> tuple[Array, MomoAdamState]:
        (value, g), t = objective.value_and_gradient(w), state.t + 1
        m = beta1 * state.m + (1 - beta1) * g
        v = beta2 * state.v + (1 - beta2) * g**2
        f = beta1 * state.value + (1 - beta1) * value[:, None].astype(w.dtype)
        c = beta1 * state.product + (1 - beta1) * row_dot(g, w)
        b, direction = 1 - beta1**t, m / (np.sqrt(v / (1 - beta2**t)) + eps)
        square = row_dot(m, direction)
        gap = np.maximum(f + row_dot(m, w) - c - b * bound, 0)
        step = np.minimum(lr / b, quotient(gap, square, square > 0))
        return w - step * direction, MomoAdamState(t, m, v, f, c)

    return Rule(init, update)
