"""NovoGrad."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.options import Fraction, NonNegative, Positive
from optlab.models.layers import norms, spread
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rule, optimizer


class NovogradState(NamedTuple):
    m: Array | None  # (R, P) sum of scaled gradients; None before the first step
    v: Array | None  # (R, K) running mean of the squared norms of every layer's gradient


@optimizer("gradient", "layers", family="adaptive")
def novograd(
    lr: Positive = 1e-3,
    beta1: Fraction = 0.9,
    beta2: Fraction = 0.25,
    eps: Positive = 1e-6,
    weight_decay: NonNegative = 0.0,
) -> Rule:
    """NovoGrad: momentum of gradients that are divided by the norm they have in their layer.

        v <- beta2 * v + (1 - beta2) * ||g||^2    of every layer's weights, and of its biases
        u =  g / (sqrt(v) + eps) + weight_decay * w
        m <- beta1 * m + u
        w <- w - lr * m

    In the first step v is ||g||^2 and m is u.

    Args:
        lr: learning rate, positive.
        beta1: share of the momentum that is kept, in [0, 1).
        beta2: decay of the mean of ||g||^2, in [0, 1).
        eps: added to the root against division by zero, positive.
        weight_decay: decoupled decay of all parameters, at least 0.

    Reference: Ginsburg et al., Stochastic Gradient Methods with Layer-wise Adaptive Moments for Training of
    Deep Networks, 2020, algorithm 1.
    """

    def init(w: Array, objective: Oracle) -> NovogradState:
        return NovogradState(None, None)

    def update(w: Array, state: NovogradState, objective: Oracle) -> tuple[Array, NovogradState]:
        g, layers = objective.gradient(w), objective.layers
        square = norms(layers, g) ** 2
        v = square if state.v is None else beta2 * state.v + (1 - beta2) * square
        u = g / (spread(layers, np.sqrt(v)) + eps) + weight_decay * w
        m = u if state.m is None else beta1 * state.m + u
        return w - lr * m, NovogradState(m, v)

    return Rule(init, update)
