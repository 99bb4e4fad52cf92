"""Adam."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.options import Fraction, NonNegative, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.decay import add_decay
from optlab.optimizers.root import divided, root
from optlab.optimizers.rule import Rule, optimizer


class AdamState(NamedTuple):
    t: int
    m: Array  # (R, P) running mean of g
    v: Array  # (R, P) running mean of g^2


@optimizer("gradient", family="adaptive", elementwise=True)
def adam(
    lr: Positive = 1e-3,
    beta1: Fraction = 0.9,
    beta2: Fraction = 0.999,
    eps: NonNegative = 1e-8,
    eps_root: NonNegative = 0.0,
    weight_decay: NonNegative = 0.0,
) -> Rule:
    """Adam: weighted means of the gradient and of its square, recent steps weighing most.

        g <- g + weight_decay * w
        m <- beta1 * m + (1 - beta1) * g         m_hat = m / (1 - beta1^t)
        v <- beta2 * v + (1 - beta2) * g^2       v_hat = v / (1 - beta2^t)
        w <- w - lr * m_hat / (sqrt(v_hat + eps_root) + eps)

    Computed in the order that ends the paper's section 2: biases are corrected in numbers, not in arrays, as
    c = sqrt(1 - beta2^t) multiplies the step and eps.

    Args:
        lr: learning rate, positive.
        beta1: decay of the mean of g, in [0, 1).
        beta2: decay of the mean of g^2, in [0, 1).
        eps: added to the root against division by zero.
        eps_root: added inside the root, at least 0; with eps=0 the only guard.
        weight_decay: coupled decay of all parameters (see `add_decay`), at least 0.

    Reference: Kingma and Ba, Adam: A Method for Stochastic Optimization, 2015, algorithm 1.
    """

    def init(w: Array, objective: Oracle) -> AdamState:
        return AdamState(0, np.zeros_like(w), np.zeros_like(w))

    def update(w: Array, state: AdamState, objective: Oracle) -> tuple[Array, AdamState]:
        g, t = add_decay(objective.gradient(w), w, weight_decay), state.t + 1
        m = beta1 * state.m + (1 - beta1) * g
        v = beta2 * state.v + (1 - beta2) * g**2
        c = (1 - beta2**t) ** 0.5
        w = w - divided(lr * (c / (1 - beta1**t)) * m, root(v, eps_root * c**2) + eps * c, eps)
        return w, AdamState(t, m, v)

    return Rule(init, update)
