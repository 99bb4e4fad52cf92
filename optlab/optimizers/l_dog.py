"""Distance over gradients, layer by layer."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.options import NonNegative, Positive
from optlab.models.layers import norms, spread
from optlab.objective.oracle import Oracle
from optlab.optimizers.decay import add_decay
from optlab.optimizers.rule import Rule, optimizer


class LDogState(NamedTuple):
    origin: Array  # (R, P) where the run began
    distance: Array  # (R, K) largest distance of every layer from there
    total: Array  # (R, K) sum of squared norms of its gradients


@optimizer("gradient", "layers", family="parameter-free", tuned=False)
def l_dog(
    lr: Positive = 1.0, r_eps: Positive = 1e-6, eps: Positive = 1e-8, weight_decay: NonNegative = 0.0
) -> Rule:
    """L-DoG: DoG with a rate of its own for the weights of every layer, and for its biases.

        g <- g + weight_decay * w
        of every layer:   r <- max(r, ||w - w_0||);    r = r_eps * (1 + ||w_0||) at first
                          G <- G + ||g||^2;            G = eps at first
                          w <- w - lr * r / sqrt(G) * g

    Args:
        lr: multiplies the rate, positive; 1 is the published method.
        r_eps: first movement, as a share of 1 + ||w_0||, positive.
        eps: initial value of G, positive.
        weight_decay: coupled decay of all parameters (see `add_decay`), at least 0.

    Reference: Ivgi, Hinder and Carmon, DoG is SGD's Best Friend: A Parameter-Free Dynamic Step Size Schedule,
    2023: L-DoG.
    """

    def init(w: Array, objective: Oracle) -> LDogState:
        size = norms(objective.layers, w)
        return LDogState(w, r_eps * (1 + size), np.zeros_like(size) + eps)

    def update(w: Array, state: LDogState, objective: Oracle) -> tuple[Array, LDogState]:
        g, layers = add_decay(objective.gradient(w), w, weight_decay), objective.layers
        r = np.maximum(state.distance, norms(layers, w - state.origin))
        total = state.total + norms(layers, g) ** 2
        return w - lr * spread(layers, r / np.sqrt(total)) * g, LDogState(state.origin, r, total)

    return Rule(init, update)
