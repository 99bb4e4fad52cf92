"""RAdam."""

from typing import Annotated

import numpy as np

from optlab.core.arrays import Array
from optlab.core.options import Fraction, Interval, NonNegative, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.adam import AdamState
from optlab.optimizers.decay import add_decay
from optlab.optimizers.root import divided
from optlab.optimizers.rule import Rule, optimizer


@optimizer("gradient", family="adaptive", elementwise=True)
def radam(
    lr: Positive = 1e-3,
    beta1: Fraction = 0.9,
    beta2: Annotated[float, Interval(0.7, 1, "[)")] = 0.999,
    eps: NonNegative = 1e-8,
    weight_decay: NonNegative = 0.0,
) -> Rule:
    """RAdam: Adam that warms itself up, because a variance of few gradients is no measure.

        g <- g + weight_decay * w
        m <- beta1 * m + (1 - beta1) * g           m_hat = m / (1 - beta1^t)
        v <- beta2 * v + (1 - beta2) * g^2         v_hat = v / (1 - beta2^t)
        rho_inf = 2 / (1 - beta2) - 1,  rho = rho_inf - 2 t beta2^t / (1 - beta2^t)
        r^2 = (rho - 4) (rho - 2) rho_inf / ((rho_inf - 4) (rho_inf - 2) rho)
        w <- w - lr * m_hat * r / (sqrt(v_hat) + eps)    where rho > 5
        w <- w - lr * m_hat                              elsewhere

    Args:
        lr: learning rate, positive.
        beta1: decay of the mean of g, in [0, 1).
        beta2: decay of the mean of g^2, in [0.7, 1): at 2/3 and below rho never passes 5.
        eps: added to the root of v, before it is corrected for its bias, as in PyTorch.
        weight_decay: coupled decay of all parameters (see `add_decay`), at least 0.

    Reference: Liu et al., On the Variance of the Adaptive Learning Rate and Beyond, 2020, algorithm 2; the
    threshold is 5, as in the authors' program and PyTorch, where the paper has 4.
    """
    rho_inf = 2 / (1 - beta2) - 1

    def init(w: Array, objective: Oracle) -> AdamState:
        return AdamState(0, np.zeros_like(w), np.zeros_like(w))

    def update(w: Array, state: AdamState, objective: Oracle) -> tuple[Array, AdamState]:
        g, t = add_decay(objective.gradient(w), w, weight_decay), state.t + 1
        m = beta1 * state.m + (1 - beta1) * g
        v = beta2 * state.v + (1 - beta2) * g**2
        correction = 1 - beta2**t
        rho = rho_inf - 2 * t * beta2**t / correction
        r = abs((rho - 4) * (rho - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho)) ** 0.5
        adaptive = np.where(rho > 5, divided(r * correction**0.5, np.sqrt(v) + eps, eps), np.ones_like(v))
        return w - lr / (1 - beta1**t) * m * adaptive, AdamState(t, m, v)

    return Rule(init, update)
