"""Gradient descent with momentum."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.options import Fraction, NonNegative, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.decay import add_decay
from optlab.optimizers.rule import Rule, optimizer


class MomentumState(NamedTuple):
    velocity: Array  # (R, P)


@optimizer("gradient")
def momentum(lr: Positive = 0.01, momentum: Fraction = 0.9, weight_decay: NonNegative = 0.0) -> Rule:
    """Heavy-ball momentum.

        g <- g + weight_decay * w
        v <- momentum * v + g
        w <- w - lr * v

    Args:
        lr: learning rate, positive.
        momentum: share of the velocity that is kept, in [0, 1).
        weight_decay: coupled decay of all parameters (see `add_decay`), at least 0.

    Reference: Polyak, Some methods of speeding up the convergence of iteration methods, 1964, eq. (9);
    the learning rate multiplies the velocity, as in PyTorch's SGD.
    """

    def init(w: Array, objective: Oracle) -> MomentumState:
        return MomentumState(np.zeros_like(w))

    def update(w: Array, state: MomentumState, objective: Oracle) -> tuple[Array, MomentumState]:
        v = momentum * state.velocity + add_decay(objective.gradient(w), w, weight_decay)
        return w - lr * v, MomentumState(v)

    return Rule(init, update)
