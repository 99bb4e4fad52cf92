"""Yogi."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.options import Fraction, NonNegative, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.root import divided
from optlab.optimizers.rule import Rule, optimizer


class YogiState(NamedTuple):
    t: int
    m: Array  # (R, P) running mean of g
    v: Array  # (R, P) follows g^2


@optimizer("gradient", family="adaptive", elementwise=True)
def yogi(
    lr: Positive = 1e-3,
    beta1: Fraction = 0.9,
    beta2: Fraction = 0.999,
    eps: NonNegative = 1e-3,
    initial_accumulator: NonNegative = 1e-6,
) -> Rule:
    """Yogi: Adam whose divisor rises and falls by steps of g^2, so that it cannot fall fast.

        m <- beta1 * m + (1 - beta1) * g                    m_hat = m / (1 - beta1^t)
        v <- v - (1 - beta2) * sign(v - g^2) * g^2          v_hat = v / (1 - beta2^t)
        w <- w - lr * m_hat / (sqrt(v_hat) + eps)

    Args:
        lr: learning rate, positive.
        beta1: decay of the mean of g, in [0, 1).
        beta2: 1 - beta2 is the share of g^2 by which v changes, in [0, 1).
        eps: added to the root against division by zero.
        initial_accumulator: initial value of m and v, at least 0.

    Reference: Zaheer et al., Adaptive Methods for Nonconvex Optimization, 2018, algorithm 2; the initial
    values and the corrections of biases, which the paper does not have, are those of TensorFlow and optax.
    """

    def init(w: Array, objective: Oracle) -> YogiState:
        return YogiState(0, np.zeros_like(w) + initial_accumulator, np.zeros_like(w) + initial_accumulator)

    def update(w: Array, state: YogiState, objective: Oracle) -> tuple[Array, YogiState]:
        g, t = objective.gradient(w), state.t + 1
        m = beta1 * state.m + (1 - beta1) * g
        v = state.v - (1 - beta2) * np.sign(state.v - g**2) * g**2
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        return w - divided(lr * m_hat, np.sqrt(v_hat) + eps, eps), YogiState(t, m, v)

    return Rule(init, update)
