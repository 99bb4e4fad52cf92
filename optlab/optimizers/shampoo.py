"""Shampoo."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array, per_matrix
from optlab.core.options import Count, NonNegative, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.decay import add_decay
from optlab.optimizers.eigenbasis import inverse_power
from optlab.optimizers.rule import Rule, optimizer
from optlab.optimizers.sides import multiply, scatter, sides_of


class ShampooState(NamedTuple):
    t: int
    sums: list[Array]  # L and R of every layer, (R, n, n) or diagonals (R, n, 1)
    roots: list[Array]  # their inverse roots


@optimizer("gradient", "matrices", family="layer-wise")
def shampoo(
    lr: Positive = 1e-3,
    eps: Positive = 1e-6,
    every: Count = 1,
    longest: Count = 512,
    weight_decay: NonNegative = 0.0,
) -> Rule:
    """Shampoo: AdaGrad with a matrix for the rows and one for the columns of every layer's gradient.

        G <- G + weight_decay * W
        L <- L + G G^T,    R <- R + G^T G,    both eps * I at first
        W <- W - lr * L^(-1/4) G R^(-1/4)
        of biases, which have one side:    L <- L + g g^T,    w <- w - lr * L^(-1/2) g

    Args:
        lr: learning rate, positive.
        eps: multiple of the identity that L and R begin with, positive.
        every: steps from one computation of the roots to the next, at least 1.
        longest: side with a full L or R; longer ones keep the diagonal alone.
        weight_decay: coupled decay of all parameters (see `add_decay`), at least 0.

    Reference: Gupta, Koren and Singer, Shampoo: Preconditioned Stochastic Tensor Optimization, 2018,
    algorithm 1, and the diagonal variant for long sides.
    """

    def init(w: Array, objective: Oracle) -> ShampooState:
        def start(n: int) -> Array:
            identity = np.eye(n, dtype=w.dtype) if n <= longest else np.ones((n, 1), w.dtype)
            return np.zeros_like(w[:, :1, None]) + per_matrix(eps) * identity

        sums = [
            start(layer.shape[axis]) for layer, axis in sides_of((*objective.matrices, *objective.vectors))
        ]
        return ShampooState(0, sums, sums)

    def update(w: Array, state: ShampooState, objective: Oracle) -> tuple[Array, ShampooState]:
        g, sides = (
            add_decay(objective.gradient(w), w, weight_decay),
            sides_of((*objective.matrices, *objective.vectors)),
        )
        sums = [
            h + scatter(g, side, full=h.shape[1] <= longest)
            for side, h in zip(sides, state.sums, strict=True)
        ]
        roots = state.roots
        if state.t % every == 0:
            roots = [
                inverse_power(h, 1 / (2 * len(layer.shape)))
                for (layer, _), h in zip(sides, sums, strict=True)
            ]
        return w - lr * multiply(g, sides, roots), ShampooState(state.t + 1, sums, roots)

    return Rule(init, update)
