"""LARS."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array, quotient, row_norm
from optlab.core.options import Fraction, NonNegative, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rule, optimizer


class LarsState(NamedTuple):
    velocity: Array  # (R, P)


@optimizer("gradient", "layers", family="layer-wise")
def lars(
    lr: Positive = 1e-3,
    momentum: Fraction = 0.9,
    trust: Positive = 1e-3,
    weight_decay: NonNegative = 0.0,
) -> Rule:
    """LARS: momentum with a rate of its own for every layer, by the norms of its weights and gradient.

        r = trust * ||w|| / (||g|| + weight_decay * ||w||)    of every layer's weights; 1 where that is 0 / 0
        u = r * (g + weight_decay * w)    of weights,    u = g    of biases
        v <- momentum * v + u
        w <- w - lr * v

    Args:
        lr: learning rate, positive.
        momentum: share of the velocity that is kept, in [0, 1).
        trust: length of a layer's step without momentum, as a share of lr and of its weights' norm.
        weight_decay: coupled decay of weights, at least 0.

    Reference: You, Gitman and Ginsburg, Large Batch Training of Convolutional Networks, 2017, algorithm 1;
    the rate multiplies the velocity, biases have the rate lr, and r is 1 at 0, as in pytorch-optimizer.
    """

    def init(w: Array, objective: Oracle) -> LarsState:
        return LarsState(np.zeros_like(w))

    def update(w: Array, state: LarsState, objective: Oracle) -> tuple[Array, LarsState]:
        u = objective.gradient(w).copy()
        for layer in objective.layers:
            if layer.is_weight:
                weights, g = w[:, layer.place], u[:, layer.place]
                size = row_norm(weights)
                below = row_norm(g) + weight_decay * size
                r = quotient(trust * size, below, (size > 0) & (below > 0), 1.0)
                u[:, layer.place] = r * (g + weight_decay * weights)
        v = momentum * state.velocity + u
        return w - lr * v, LarsState(v)

    return Rule(init, update)
