"""Nesterov's accelerated gradient."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.options import Fraction, NonNegative, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.decay import add_decay
from optlab.optimizers.rule import Rule, optimizer


class NesterovState(NamedTuple):
    velocity: Array  # (R, P)


@optimizer("gradient", family="accelerated", elementwise=True)
def nesterov(lr: Positive = 0.01, momentum: Fraction = 0.9, weight_decay: NonNegative = 0.0) -> Rule:
    """Nesterov momentum, with the gradient taken at the point looked ahead to.

        g <- g + weight_decay * w
        v <- momentum * v + g
        w <- w - lr * (g + momentum * v)

    Here w is the look-ahead point itself, the form of Bengio et al. and of PyTorch's SGD(nesterov=True).

    Args:
        lr: learning rate, positive.
        momentum: share of the velocity that is kept, in [0, 1).
        weight_decay: coupled decay of all parameters (see `add_decay`), at least 0.

    References: Nesterov, A method of solving a convex programming problem with convergence rate
    O(1/k^2), 1983; Bengio, Boulanger-Lewandowski and Pascanu, Advances in Optimizing Recurrent
    Networks, 2013, eq. (7).
    """

    def init(w: Array, objective: Oracle) -> NesterovState:
        return NesterovState(np.zeros_like(w))

    def update(w: Array, state: NesterovState, objective: Oracle) -> tuple[Array, NesterovState]:
        g = add_decay(objective.gradient(w), w, weight_decay)
        v = momentum * state.velocity + g
        return w - lr * (g + momentum * v), NesterovState(v)

    return Rule(init, update)
