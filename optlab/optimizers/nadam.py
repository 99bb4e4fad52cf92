"""NAdam."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.options import Fraction, NonNegative, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.decay import add_decay
from optlab.optimizers.root import divided, root
from optlab.optimizers.rule import Rule, optimizer


class NadamState(NamedTuple):
    t: int
    product: float | Array  # mu_1 * ... * mu_t, a number or (R, 1)
    m: Array  # (R, P) running mean of g
    v: Array  # (R, P) running mean of g^2


@optimizer("gradient", family="adaptive", elementwise=True)
def nadam(
    lr: Positive = 2e-3,
    beta1: Fraction = 0.9,
    beta2: Fraction = 0.999,
    eps: NonNegative = 1e-8,
    eps_root: NonNegative = 0.0,
    momentum_decay: NonNegative = 4e-3,
    weight_decay: NonNegative = 0.0,
) -> Rule:
    """NAdam: Adam with Nesterov's momentum.

        g <- g + weight_decay * w
        mu_t = beta1 * (1 - 0.96^(t * momentum_decay) / 2)
        m <- beta1 * m + (1 - beta1) * g
        v <- beta2 * v + (1 - beta2) * g^2
        m_hat = mu_(t+1) * m / (1 - mu_1 ... mu_(t+1)) + (1 - mu_t) * g / (1 - mu_1 ... mu_t)
        w <- w - lr * m_hat / (sqrt(v / (1 - beta2^t) + eps_root) + eps)

    Args:
        lr: learning rate, positive.
        beta1: decay of the mean of g, in [0, 1).
        beta2: decay of the mean of g^2, in [0, 1).
        eps: added to the root against division by zero.
        eps_root: added inside the root, at least 0; with eps=0 the only guard.
        momentum_decay: speed at which mu_t rises from beta1 / 2 to beta1, at least 0.
        weight_decay: coupled decay of all parameters (see `add_decay`), at least 0.

    Reference: Dozat, Incorporating Nesterov Momentum into Adam, 2016, algorithm 2, with the momentum schedule
    of its section 3 and m as PyTorch has it.
    """

    def mu(t: int) -> float | Array:
        return beta1 * (1 - 0.5 * 0.96 ** (t * momentum_decay))

    def init(w: Array, objective: Oracle) -> NadamState:
        return NadamState(0, 1.0, np.zeros_like(w), np.zeros_like(w))

    def update(w: Array, state: NadamState, objective: Oracle) -> tuple[Array, NadamState]:
        g, t = add_decay(objective.gradient(w), w, weight_decay), state.t + 1
        product = state.product * mu(t)
        m = beta1 * state.m + (1 - beta1) * g
        v = beta2 * state.v + (1 - beta2) * g**2
        c = (1 - beta2**t) ** 0.5
        m_hat = mu(t + 1) / (1 - product * mu(t + 1)) * m + (1 - mu(t)) / (1 - product) * g
        w = w - divided(lr * c * m_hat, root(v, eps_root * c**2) + eps * c, eps)
        return w, NadamState(t, product, m, v)

    return Rule(init, update)
