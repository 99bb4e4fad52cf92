"""Adan."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.options import Fraction, NonNegative, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.root import divided, root
from optlab.optimizers.rule import Rule, optimizer


class AdanState(NamedTuple):
    t: int
    gradient: Array  # (R, P) of the step before
    m: Array  # (R, P) running mean of g
    v: Array  # (R, P) running mean of the changes of g
    n: Array  # (R, P) running mean of squares


@optimizer("gradient", family="adaptive", elementwise=True)
def adan(
    lr: Positive = 1e-3,
    beta1: Fraction = 0.98,
    beta2: Fraction = 0.92,
    beta3: Fraction = 0.99,
    eps: NonNegative = 1e-8,
    eps_root: NonNegative = 1e-8,
    weight_decay: NonNegative = 0.0,
) -> Rule:
    """Adan: Adam with Nesterov momentum, estimated from how gradients change.

        d = g - g_before;    0 in the first step
        m <- beta1 * m + (1 - beta1) * g                           m_hat = m / (1 - beta1^t)
        v <- beta2 * v + (1 - beta2) * d                           v_hat = v / (1 - beta2^t)
        n <- beta3 * n + (1 - beta3) * (g + (1 - beta2) * d)^2     n_hat = n / (1 - beta3^t)
        w <- w - lr * ((m_hat + (1 - beta2) * v_hat) / (sqrt(n_hat + eps_root) + eps) + weight_decay * w)

    Args:
        lr: learning rate, positive.
        beta1: decay of the mean of g, in [0, 1).
        beta2: decay of the mean of d, in [0, 1), and the share of d in the gradient looked ahead to.
        beta3: decay of the mean of squares, in [0, 1).
        eps: added to the root against division by zero.
        eps_root: added inside the root, at least 0.
        weight_decay: decoupled decay of all parameters, at least 0.

    Reference: Xie et al., Adan: Adaptive Nesterov Momentum Algorithm for Faster Optimizing Deep Models, 2022,
    algorithm 1, whose beta are 1 minus these, with weight 1 - beta2 (not beta2) as in optax; the decay is
    that of AdamW.
    """

    def init(w: Array, objective: Oracle) -> AdanState:
        return AdanState(0, np.zeros_like(w), np.zeros_like(w), np.zeros_like(w), np.zeros_like(w))

    def update(w: Array, state: AdanState, objective: Oracle) -> tuple[Array, AdanState]:
        g, t = objective.gradient(w), state.t + 1
        d = g - state.gradient if state.t else np.zeros_like(g)
        m = beta1 * state.m + (1 - beta1) * g
        v = beta2 * state.v + (1 - beta2) * d
        n = beta3 * state.n + (1 - beta3) * (g + (1 - beta2) * d) ** 2
        m_hat, v_hat, n_hat = m / (1 - beta1**t), v / (1 - beta2**t), n / (1 - beta3**t)
        step = divided(m_hat + (1 - beta2) * v_hat, root(n_hat, eps_root) + eps, eps)
        return w - lr * (step + weight_decay * w), AdanState(t, g, m, v, n)

    return Rule(init, update)
