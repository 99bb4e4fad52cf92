"""AdaMax."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.options import Fraction, NonNegative, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.decay import add_decay
from optlab.optimizers.root import divided
from optlab.optimizers.rule import Rule, optimizer


class AdamaxState(NamedTuple):
    t: int
    m: Array  # (R, P) running mean of g
    u: Array  # (R, P) decaying maximum of |g|


@optimizer("gradient", family="adaptive", elementwise=True)
def adamax(
    lr: Positive = 2e-3,
    beta1: Fraction = 0.9,
    beta2: Fraction = 0.999,
    eps: NonNegative = 1e-8,
    weight_decay: NonNegative = 0.0,
) -> Rule:
    """AdaMax: Adam in the infinity norm, the divisor a decaying maximum of |g|.

        g <- g + weight_decay * w
        m <- beta1 * m + (1 - beta1) * g
        u <- max(beta2 * u, |g| + eps)
        w <- w - lr / (1 - beta1^t) * m / u

    Args:
        lr: learning rate, positive.
        beta1: decay of the mean of g, in [0, 1).
        beta2: decay of the maximum of |g|, in [0, 1).
        eps: added to |g| against division by zero, as in PyTorch.
        weight_decay: coupled decay of all parameters (see `add_decay`), at least 0.

    Reference: Kingma and Ba, Adam: A Method for Stochastic Optimization, 2015, algorithm 2.
    """

    def init(w: Array, objective: Oracle) -> AdamaxState:
        return AdamaxState(0, np.zeros_like(w), np.zeros_like(w))

    def update(w: Array, state: AdamaxState, objective: Oracle) -> tuple[Array, AdamaxState]:
        g, t = add_decay(objective.gradient(w), w, weight_decay), state.t + 1
        m = beta1 * state.m + (1 - beta1) * g
        u = np.maximum(beta2 * state.u, np.abs(g) + eps)
        return w - divided(lr / (1 - beta1**t) * m, u, eps), AdamaxState(t, m, u)

    return Rule(init, update)
