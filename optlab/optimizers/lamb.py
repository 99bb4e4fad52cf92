"""LAMB."""

import numpy as np

from optlab.core.arrays import Array, quotient, row_norm
from optlab.core.options import Fraction, NonNegative, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.adam import AdamState
from optlab.optimizers.rule import Rule, optimizer


@optimizer("gradient", "layers", family="layer-wise")
def lamb(
    lr: Positive = 1e-3,
    beta1: Fraction = 0.9,
    beta2: Fraction = 0.999,
    eps: Positive = 1e-6,
    weight_decay: NonNegative = 0.0,
    bias_correction: bool = True,
) -> Rule:
    """LAMB: Adam's direction, in every layer as long as its parameters are.

        m <- beta1 * m + (1 - beta1) * g         m_hat = m / (1 - beta1^t)
        v <- beta2 * v + (1 - beta2) * g^2       v_hat = v / (1 - beta2^t)
        u = m_hat / (sqrt(v_hat) + eps) + weight_decay * w
        r = ||w|| / ||u||    of every layer's weights, and of its biases; 1 where one of them is 0
        w <- w - lr * r * u

    Args:
        lr: learning rate, positive.
        beta1: decay of the mean of g, in [0, 1).
        beta2: decay of the mean of g^2, in [0, 1).
        eps: added to the root against division by zero, positive.
        weight_decay: decay of all parameters, at least 0.
        bias_correction: divide m and v by 1 - beta^t as above; false: leave both as they are.

    Reference: You et al., Large Batch Optimization for Deep Learning: Training BERT in 76 minutes, 2020,
    algorithm 2, the function phi being the identity.
    """

    def init(w: Array, objective: Oracle) -> AdamState:
        return AdamState(0, np.zeros_like(w), np.zeros_like(w))

    def update(w: Array, state: AdamState, objective: Oracle) -> tuple[Array, AdamState]:
        g, t = objective.gradient(w), state.t + 1
        m = beta1 * state.m + (1 - beta1) * g
        v = beta2 * state.v + (1 - beta2) * g**2
        m_hat = m / (1 - beta1**t) if bias_correction else m
        v_hat = v / (1 - beta2**t) if bias_correction else v
        u = m_hat / (np.sqrt(v_hat) + eps) + weight_decay * w
        for layer in objective.layers:
            own = u[:, layer.place]
            size, length = row_norm(w[:, layer.place]), row_norm(own)
            own *= quotient(size, length, (size > 0) & (length > 0), 1.0)
        return w - lr * u, AdamState(t, m, v)

    return Rule(init, update)
