"""SOAP."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array, per_matrix
from optlab.core.options import Count, Fraction, NonNegative, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.eigenbasis import eigenbasis, power_iteration
from optlab.optimizers.rule import Rule, optimizer
from optlab.optimizers.sides import multiply, reorder, rotate, scatter, sides_of


class SoapState(NamedTuple):
    t: int
    m: Array  # (R, P) running mean of g
    v: Array  # (R, P) running mean of the squares of G'
    sums: list[Array]  # L and R of every matrix, without long sides: (R, n, n)
    bases: list[Array]  # their Q_L and Q_R


@optimizer("gradient", "matrices", family="layer-wise")
def soap(
    lr: Positive = 3e-3,
    beta1: Fraction = 0.95,
    beta2: Fraction = 0.95,
    shampoo_beta: Fraction = 0.95,
    eps: Positive = 1e-8,
    every: Count = 10,
    longest: Count = 512,
    weight_decay: NonNegative = 0.01,
) -> Rule:
    """SOAP: Adam in the eigenbases of Shampoo's matrices.

        G' = Q_L^T G Q_R
        M <- beta1 * M + (1 - beta1) * G         M' = Q_L^T M Q_R
        V <- beta2 * V + (1 - beta2) * G'^2      c = sqrt(1 - beta2^t) / (1 - beta1^t)
        W <- W - lr * c * Q_L (M' / (sqrt(V) + eps)) Q_R^T
        W <- W - lr * weight_decay * W
        L <- shampoo_beta * L + (1 - shampoo_beta) * G G^T,    R so of G^T G
        every `every` steps:    Q_L <- orthonormal columns of L Q_L,    Q_R so of R

    The first gradient makes the first L and R, and Q_L, Q_R are their eigenvectors. Biases have no bases:
    Adam's step is theirs.

    Args:
        lr: learning rate, positive.
        beta1: decay of the mean of G, in [0, 1).
        beta2: decay of the mean of G'^2, in [0, 1).
        shampoo_beta: decay of L and R, in [0, 1).
        eps: added to the root against division by zero, positive.
        every: steps from one change of the bases to the next, at least 1.
        longest: side that has a basis; of longer ones Q is the identity (the paper's one-sided variant).
        weight_decay: decoupled decay of all parameters, at least 0.

    Reference: Vyas et al., SOAP: Improving and Stabilizing Shampoo using Adam, 2024, algorithm 3; c leaves
    eps as it is, as in the authors' code, which makes no step of the first gradient.
    """

    def init(w: Array, objective: Oracle) -> SoapState:
        return SoapState(0, np.zeros_like(w), np.zeros_like(w), [], [])

    def update(w: Array, state: SoapState, objective: Oracle) -> tuple[Array, SoapState]:
        g, t, beta = objective.gradient(w), state.t + 1, per_matrix(shampoo_beta)
        sides = sides_of(objective.matrices, longest)
        new = [(1 - beta) * scatter(g, side) for side in sides]
        sums = state.sums if state.t else new
        bases = state.bases if state.t else [eigenbasis(h) for h in sums]
        m = beta1 * state.m + (1 - beta1) * g
        v = beta2 * state.v + (1 - beta2) * rotate(g, sides, bases) ** 2
        c = (1 - beta2**t) ** 0.5 / (1 - beta1**t)
        w = w - lr * c * multiply(rotate(m, sides, bases) / (np.sqrt(v) + eps), sides, bases)
        w = w - lr * weight_decay * w
        sums = [beta * h + more for h, more in zip(sums, new, strict=True)]
        if t % every == 0:
            pairs = [power_iteration(h, basis) for h, basis in zip(sums, bases, strict=True)]
            bases, orders = [basis for basis, _ in pairs], [order for _, order in pairs]
            v = reorder(v, sides, orders)
        return w, SoapState(t, m, v, sums, bases)

    return Rule(init, update)
