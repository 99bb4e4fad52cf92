"""AdaHessian."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.options import Fraction, NonNegative, Positive, UnitInterval
from optlab.objective.oracle import Oracle
from optlab.optimizers.hutchinson import hessian_diagonal
from optlab.optimizers.rule import Rule, optimizer


class AdahessianState(NamedTuple):
    t: int
    m: Array  # (R, P) running mean of g
    v: Array  # (R, P) running mean of D^2


@optimizer("gradient", "hessian_vector", family="diagonal curvature", draws=True)
def adahessian(
    lr: Positive = 0.1,
    beta1: Fraction = 0.9,
    beta2: Fraction = 0.999,
    eps: Positive = 1e-16,
    power: UnitInterval = 1.0,
    weight_decay: NonNegative = 0.0,
) -> Rule:
    """AdaHessian: Adam whose divisor is the size of the Hessian's diagonal.

        D = z * (H z),    z random signs: one Hessian-vector product
        m <- beta1 * m + (1 - beta1) * g       m_hat = m / (1 - beta1^t)
        v <- beta2 * v + (1 - beta2) * D^2     v_hat = v / (1 - beta2^t)
        w <- (1 - lr * weight_decay) * w - lr * m_hat / (v_hat^(power / 2) + eps)

    Args:
        lr: learning rate, positive.
        beta1: decay of the mean of g, in [0, 1).
        beta2: decay of the mean of D^2, in [0, 1).
        eps: added to the root against division by zero, positive.
        power: of the diagonal, in (0, 1].
        weight_decay: decoupled decay of all parameters, at least 0.

    Reference: Yao et al., ADAHESSIAN: An Adaptive Second Order Optimizer for Machine Learning, 2021,
    algorithm 1, without the average over the numbers of a convolution's kernel.
    """

    def init(w: Array, objective: Oracle) -> AdahessianState:
        return AdahessianState(0, np.zeros_like(w), np.zeros_like(w))

    def update(w: Array, state: AdahessianState, objective: Oracle) -> tuple[Array, AdahessianState]:
        g, t = objective.gradient(w), state.t + 1
        d = hessian_diagonal(objective, w, t)
        m = beta1 * state.m + (1 - beta1) * g
        v = beta2 * state.v + (1 - beta2) * d**2
        step = m / (1 - beta1**t) / ((v / (1 - beta2**t)) ** (power / 2) + eps)
        return (1 - lr * weight_decay) * w - lr * step, AdahessianState(t, m, v)

    return Rule(init, update)
