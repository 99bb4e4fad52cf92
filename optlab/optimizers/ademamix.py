"""AdEMAMix."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.options import Fraction, NonNegative, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.root import divided
from optlab.optimizers.rule import Rule, optimizer


class AdemamixState(NamedTuple):
    t: int
    m1: Array  # (R, P) fast running mean of g
    m2: Array  # (R, P) slow running mean of g
    v: Array  # (R, P) running mean of g^2


@optimizer("gradient", family="adaptive", elementwise=True)
def ademamix(
    lr: Positive = 1e-3,
    beta1: Fraction = 0.9,
    beta2: Fraction = 0.999,
    beta3: Fraction = 0.9999,
    alpha: NonNegative = 5.0,
    eps: NonNegative = 1e-8,
    weight_decay: NonNegative = 0.0,
) -> Rule:
    """AdEMAMix: AdamW with a second momentum that remembers thousands of gradients.

        m1 <- beta1 * m1 + (1 - beta1) * g       m1_hat = m1 / (1 - beta1^t)
        m2 <- beta3 * m2 + (1 - beta3) * g
        v  <- beta2 * v + (1 - beta2) * g^2      v_hat = v / (1 - beta2^t)
        w  <- w - lr * ((m1_hat + alpha * m2) / (sqrt(v_hat) + eps) + weight_decay * w)

    Args:
        lr: learning rate, positive.
        beta1: decay of the fast mean of g, in [0, 1).
        beta2: decay of the mean of g^2, in [0, 1).
        beta3: decay of the slow mean of g, in [0, 1).
        alpha: weight of the slow mean, at least 0; the paper's warm-up of it is a schedule of its own
            (`schedule.also`).
        eps: added to the root against division by zero.
        weight_decay: decoupled decay of all parameters, at least 0.

    Reference: Pagliardini, Ablin and Grangier, The AdEMAMix Optimizer: Better, Faster, Older, 2024, algorithm
    1; alpha and beta3 constant, as in optax.
    """

    def init(w: Array, objective: Oracle) -> AdemamixState:
        return AdemamixState(0, np.zeros_like(w), np.zeros_like(w), np.zeros_like(w))

    def update(w: Array, state: AdemamixState, objective: Oracle) -> tuple[Array, AdemamixState]:
        g, t = objective.gradient(w), state.t + 1
        m1 = beta1 * state.m1 + (1 - beta1) * g
        m2 = beta3 * state.m2 + (1 - beta3) * g
        v = beta2 * state.v + (1 - beta2) * g**2
        m1_hat, v_hat = m1 / (1 - beta1**t), v / (1 - beta2**t)
        step = divided(m1_hat + alpha * m2, np.sqrt(v_hat) + eps, eps)
        w = w - lr * (step + weight_decay * w)
        return w, AdemamixState(t, m1, m2, v)

    return Rule(init, update)
