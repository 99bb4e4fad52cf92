"""ADOPT."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.options import Fraction, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rule, optimizer


class AdoptState(NamedTuple):
    t: int
    m: Array  # (R, P) running mean of scaled gradients
    v: Array  # (R, P) running mean of g^2


@optimizer("gradient", family="adaptive", elementwise=True)
def adopt(
    lr: Positive = 1e-3,
    beta1: Fraction = 0.9,
    beta2: Fraction = 0.9999,
    eps: Positive = 1e-6,
    clipping: bool = True,
) -> Rule:
    """ADOPT: Adam that divides a gradient by those before it, and only then takes the mean.

        first step:   v <- g^2, and w stays
        c = g / max(sqrt(v), eps), clipped to [-t^(1/4), t^(1/4)],   t the steps before this one
        m <- beta1 * m + (1 - beta1) * c
        w <- w - lr * m
        v <- beta2 * v + (1 - beta2) * g^2

    Args:
        lr: learning rate, positive.
        beta1: decay of the mean of c, in [0, 1).
        beta2: decay of the mean of g^2, in [0, 1).
        eps: least divisor, positive.
        clipping: whether c is clipped; false: as first published.

    Reference: Taniguchi et al., ADOPT: Modified Adam Can Converge with Any beta2 with the Optimal Rate, 2024,
    algorithm 2; clipping as in the authors' code.
    """

    def init(w: Array, objective: Oracle) -> AdoptState:
        return AdoptState(0, np.zeros_like(w), np.zeros_like(w))

    def update(w: Array, state: AdoptState, objective: Oracle) -> tuple[Array, AdoptState]:
        g, (t, m, v) = objective.gradient(w), state
        if t == 0:
            return w, AdoptState(1, m, g**2)
        c = g / np.maximum(np.sqrt(v), eps)
        if clipping:
            c = np.clip(c, -(t**0.25), t**0.25)
        m = beta1 * m + (1 - beta1) * c
        v = beta2 * v + (1 - beta2) * g**2
        return w - lr * m, AdoptState(t + 1, m, v)

    return Rule(init, update)
