"""Muon."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array, per_matrix
from optlab.core.options import Count, Fraction, NonNegative, Positive
from optlab.models.layers import places
from optlab.objective.oracle import Oracle
from optlab.optimizers.decay import add_decay
from optlab.optimizers.orthogonal import orthogonal
from optlab.optimizers.rule import Rule, optimizer


class MuonState(NamedTuple):
    t: int
    m: Array  # (R, P) running mean of g
    v: Array  # (R, k) running mean of g^2 of the parameters that make no matrix


@optimizer("gradient", "matrices", family="layer-wise")
def muon(
    lr: Positive = 0.02,
    beta: Fraction = 0.95,
    nesterov: bool = True,
    iterations: Count = 5,
    eps: Positive = 1e-8,
    weight_decay: NonNegative = 0.0,
    vector_rate: Positive = 1.0,
    beta1: Fraction = 0.9,
    beta2: Fraction = 0.999,
) -> Rule:
    """Muon: the matrices of weights move along the nearest orthogonal matrix to their momentum.

        M <- beta * M + (1 - beta) * G
        N = beta * M / (1 - beta^(t + 1)) + (1 - beta) * G / (1 - beta^t)    with `nesterov`
        N = M / (1 - beta^t)                                                 without
        W <- W - lr * (sqrt(max(1, out / in)) * orthogonal(N) + weight_decay * W)    of a matrix in x out
        w <- Adam's step with the rate lr * vector_rate                              of biases

    Args:
        lr: learning rate, positive.
        beta: decay of the mean of G, in [0, 1).
        nesterov: look one step ahead, as above.
        iterations: Newton and Schulz's, see `orthogonal`.
        eps: added to the norm of N and to Adam's root against division by zero, positive.
        weight_decay: decoupled decay of matrices, at least 0.
        vector_rate: factor of the rate of biases, positive.
        beta1: decay of Adam's mean of g, in [0, 1).
        beta2: decay of Adam's mean of g^2, in [0, 1).

    Reference: Jordan et al., Muon: An optimizer for hidden layers in neural networks, 2024; biases corrected
    and shapes scaled as in optax, whose `muon` gives Adam the look ahead too.
    """

    def init(w: Array, objective: Oracle) -> MuonState:
        return MuonState(0, np.zeros_like(w), np.zeros_like(w[:, places(objective.vectors)]))

    def update(w: Array, state: MuonState, objective: Oracle) -> tuple[Array, MuonState]:
        g, t, vectors = objective.gradient(w), state.t + 1, places(objective.vectors)
        m = beta * state.m + (1 - beta) * g
        if not nesterov:
            n = m / (1 - beta**t)
        else:
            n = beta / (1 - beta ** (t + 1)) * m + (1 - beta) / (1 - beta**t) * g
        step = np.empty_like(w)
        for layer in objective.matrices:
            scale = max(1.0, layer.shape[1] / layer.shape[0]) ** 0.5
            direction = scale * orthogonal(layer.view(n), iterations, eps)
            layer.view(step)[...] = add_decay(direction, layer.view(w), per_matrix(weight_decay))
        m[:, vectors] = beta1 * state.m[:, vectors] + (1 - beta1) * g[:, vectors]
        v = beta2 * state.v + (1 - beta2) * g[:, vectors] ** 2
        root = np.sqrt(v / (1 - beta2**t)) + eps
        step[:, vectors] = vector_rate * m[:, vectors] / (1 - beta1**t) / root
        return w - lr * step, MuonState(t, m, v)

    return Rule(init, update)
