"""Adam."""

from typing import NamedTuple

import numpy as np

from optlab.arrays import Array
from optlab.objective import Objective
from optlab.optimizers.rule import Rule, optimizer
from optlab.options import Fraction, NonNegative, Positive


class AdamState(NamedTuple):
    t: int
    m: Array  # (R, P) running mean of g
    v: Array  # (R, P) running mean of g^2


@optimizer("gradient")
def adam(
    lr: Positive = 1e-3, beta1: Fraction = 0.9, beta2: Fraction = 0.999, eps: NonNegative = 1e-8
) -> Rule:
    """Adam: running means of the gradient and its square, both corrected for their start at zero.

        m <- beta1 * m + (1 - beta1) * g
        v <- beta2 * v + (1 - beta2) * g^2
        w <- w - lr * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + eps)

    Args:
        lr: learning rate, positive.
        beta1: decay of the running mean of g, in [0, 1).
        beta2: decay of the running mean of g^2, in [0, 1).
        eps: added to the root against division by zero.

    Reference: Kingma and Ba, Adam: A Method for Stochastic Optimization, 2015, algorithm 1.
    """

    def init(w: Array, objective: Objective) -> AdamState:
        return AdamState(0, np.zeros_like(w), np.zeros_like(w))

    def update(w: Array, state: AdamState, objective: Objective) -> tuple[Array, AdamState]:
        g, t = objective.gradient(w), state.t + 1
        m = beta1 * state.m + (1 - beta1) * g
        v = beta2 * state.v + (1 - beta2) * g**2
        w = w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
        return w, AdamState(t, m, v)

    return Rule(init, update)
