"""Adadelta."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.options import Fraction, NonNegative, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.decay import add_decay
from optlab.optimizers.rule import Rule, optimizer


class AdadeltaState(NamedTuple):
    squared_gradient: Array  # (R, P) running mean of g^2
    squared_change: Array  # (R, P) running mean of dx^2


@optimizer("gradient", family="adaptive", tuned=False, elementwise=True)
def adadelta(
    lr: Positive = 1.0, rho: Fraction = 0.9, eps: Positive = 1e-6, weight_decay: NonNegative = 0.0
) -> Rule:
    """Adadelta: steps in the units of the parameters, without a rate of one's own.

        g  <- g + weight_decay * w
        s  <- rho * s + (1 - rho) * g^2
        dx =  sqrt(u + eps) / sqrt(s + eps) * g
        u  <- rho * u + (1 - rho) * dx^2
        w  <- w - lr * dx

    Args:
        lr: multiplies the step, positive; 1 is the published method (the paper has no such number,
            PyTorch has, and leaves it out of u, as here).
        rho: decay of the running means, in [0, 1).
        eps: conditions the first steps, positive.
        weight_decay: coupled decay of all parameters (see `add_decay`), at least 0.

    Reference: Zeiler, ADADELTA: An Adaptive Learning Rate Method, 2012, algorithm 1.
    """

    def init(w: Array, objective: Oracle) -> AdadeltaState:
        return AdadeltaState(np.zeros_like(w), np.zeros_like(w))

    def update(w: Array, state: AdadeltaState, objective: Oracle) -> tuple[Array, AdadeltaState]:
        g = add_decay(objective.gradient(w), w, weight_decay)
        s = rho * state.squared_gradient + (1 - rho) * g**2
        dx = np.sqrt(state.squared_change + eps) / np.sqrt(s + eps) * g
        u = rho * state.squared_change + (1 - rho) * dx**2
        return w - lr * dx, AdadeltaState(s, u)

    return Rule(init, update)
