"""AdaBelief."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.options import Fraction, NonNegative, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.root import divided
from optlab.optimizers.rule import Rule, optimizer


class AdabeliefState(NamedTuple):
    t: int
    m: Array  # (R, P) running mean of g
    s: Array  # (R, P) running mean of (g - m)^2


@optimizer("gradient", family="adaptive", elementwise=True)
def adabelief(
    lr: Positive = 1e-3,
    beta1: Fraction = 0.9,
    beta2: Fraction = 0.999,
    eps: NonNegative = 1e-16,
    eps_root: NonNegative = 1e-16,
) -> Rule:
    """AdaBelief: Adam that divides by how far gradients are from what the momentum expects.

        m <- beta1 * m + (1 - beta1) * g                         m_hat = m / (1 - beta1^t)
        s <- beta2 * s + (1 - beta2) * (g - m)^2 + eps_root      s_hat = s / (1 - beta2^t)
        w <- w - lr * m_hat / (sqrt(s_hat) + eps)

    Args:
        lr: learning rate, positive.
        beta1: decay of the mean of g, in [0, 1).
        beta2: decay of the mean of (g - m)^2, in [0, 1).
        eps: added to the root against division by zero.
        eps_root: added to s in every step, at least 0.

    Reference: Zhuang et al., AdaBelief Optimizer: Adapting Stepsizes by the Belief in Observed Gradients,
    2020, algorithm 2; two numbers eps, as in optax.
    """

    def init(w: Array, objective: Oracle) -> AdabeliefState:
        return AdabeliefState(0, np.zeros_like(w), np.zeros_like(w))

    def update(w: Array, state: AdabeliefState, objective: Oracle) -> tuple[Array, AdabeliefState]:
        g, t = objective.gradient(w), state.t + 1
        m = beta1 * state.m + (1 - beta1) * g
        s = beta2 * state.s + (1 - beta2) * (g - m) ** 2 + eps_root
        m_hat, s_hat = m / (1 - beta1**t), s / (1 - beta2**t)
        return w - divided(lr * m_hat, np.sqrt(s_hat) + eps, eps), AdabeliefState(t, m, s)

    return Rule(init, update)
