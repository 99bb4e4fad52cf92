"""AMSGrad."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.options import Fraction, NonNegative, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.decay import add_decay
from optlab.optimizers.root import divided, root
from optlab.optimizers.rule import Rule, optimizer


class AmsgradState(NamedTuple):
    t: int
    m: Array  # (R, P) running mean of g
    v: Array  # (R, P) running mean of g^2
    largest: Array  # (R, P) largest v so far


@optimizer("gradient", family="adaptive", elementwise=True)
def amsgrad(
    lr: Positive = 1e-3,
    beta1: Fraction = 0.9,
    beta2: Fraction = 0.999,
    eps: NonNegative = 1e-8,
    eps_root: NonNegative = 0.0,
    bias_correction: bool = True,
    weight_decay: NonNegative = 0.0,
) -> Rule:
    """AMSGrad: Adam whose divisor never falls.

        g <- g + weight_decay * w
        m <- beta1 * m + (1 - beta1) * g
        v <- beta2 * v + (1 - beta2) * g^2
        u <- max(u, v)
        w <- w - lr * m / (1 - beta1^t) / (sqrt(u / (1 - beta2^t) + eps_root) + eps)

    Args:
        lr: learning rate, positive.
        beta1: decay of the mean of g, in [0, 1).
        beta2: decay of the mean of g^2, in [0, 1).
        eps: added to the root against division by zero.
        eps_root: added inside the root, at least 0; with eps=0 the only guard.
        bias_correction: divide m and u by 1 - beta^t as above; false: leave both as they are, as printed in
            the paper, which has no eps either.
        weight_decay: coupled decay of all parameters (see `add_decay`), at least 0.

    Reference: Reddi, Kale and Kumar, On the Convergence of Adam and Beyond, 2018, algorithm 2; by default
    with bias corrections and eps as in PyTorch's Adam(amsgrad=True).
    """

    def init(w: Array, objective: Oracle) -> AmsgradState:
        return AmsgradState(0, np.zeros_like(w), np.zeros_like(w), np.zeros_like(w))

    def update(w: Array, state: AmsgradState, objective: Oracle) -> tuple[Array, AmsgradState]:
        g, t = add_decay(objective.gradient(w), w, weight_decay), state.t + 1
        m = beta1 * state.m + (1 - beta1) * g
        v = beta2 * state.v + (1 - beta2) * g**2
        u = np.maximum(state.largest, v)
        m_weight, c = (1 - beta1**t, (1 - beta2**t) ** 0.5) if bias_correction else (1.0, 1.0)
        w = w - divided(lr * c / m_weight * m, root(u, eps_root * c**2) + eps * c, eps)
        return w, AmsgradState(t, m, v, u)

    return Rule(init, update)
