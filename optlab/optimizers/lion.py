"""Lion."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.options import Fraction, NonNegative, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rule, optimizer


class LionState(NamedTuple):
    m: Array  # (R, P) running mean of g


@optimizer("gradient", family="adaptive", elementwise=True)
def lion(
    lr: Positive = 1e-4,
    beta1: Fraction = 0.9,
    beta2: Fraction = 0.99,
    weight_decay: NonNegative = 0.0,
) -> Rule:
    """Lion: every parameter moves by lr, in the direction of the sign of an interpolated momentum.

        c =  beta1 * m + (1 - beta1) * g
        m <- beta2 * m + (1 - beta2) * g
        w <- w - lr * (sign(c) + weight_decay * w)

    Args:
        lr: learning rate, positive; ten times smaller than Adam's as a rule.
        beta1: weight of the momentum in the direction, in [0, 1).
        beta2: decay of the momentum, in [0, 1).
        weight_decay: decoupled decay, at least 0.

    Reference: Chen et al., Symbolic Discovery of Optimization Algorithms, 2023, algorithm 2.
    """

    def init(w: Array, objective: Oracle) -> LionState:
        return LionState(np.zeros_like(w))

    def update(w: Array, state: LionState, objective: Oracle) -> tuple[Array, LionState]:
        g = objective.gradient(w)
        c = beta1 * state.m + (1 - beta1) * g
        m = beta2 * state.m + (1 - beta2) * g
        return w - lr * (np.sign(c) + weight_decay * w), LionState(m)

    return Rule(init, update)
