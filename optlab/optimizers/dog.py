"""Distance over gradients."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array, row_dot
from optlab.core.options import NonNegative, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.decay import add_decay
from optlab.optimizers.rule import Rule, optimizer


class DogState(NamedTuple):
    origin: Array  # (R, P) where the run began
    distance: Array  # (R, 1) largest distance from there
    total: Array  # (R, 1) sum of squared norms of gradients


@optimizer("gradient", family="parameter-free", tuned=False)
def dog(
    lr: Positive = 1.0, r_eps: Positive = 1e-6, eps: Positive = 1e-8, weight_decay: NonNegative = 0.0
) -> Rule:
    """DoG: the rate is the distance travelled over the root of the squared gradients seen.

        g <- g + weight_decay * w
        r <- max(r, ||w - w_0||);    r = r_eps * (1 + ||w_0||) at first
        G <- G + ||g||^2;            G = eps at first
        w <- w - lr * r / sqrt(G) * g

    On batches its authors report the average of the iterates.

    Args:
        lr: multiplies the rate, positive; 1 is the published method.
        r_eps: first movement, as a share of 1 + ||w_0||, positive.
        eps: initial value of G, positive.
        weight_decay: coupled decay of all parameters (see `add_decay`), at least 0.

    Reference: Ivgi, Hinder and Carmon, DoG is SGD's Best Friend: A Parameter-Free Dynamic Step Size Schedule,
    2023, eq. (DoG) and section 2.
    """

    def init(w: Array, objective: Oracle) -> DogState:
        return DogState(w, r_eps * (1 + np.sqrt(row_dot(w, w))), np.zeros_like(w[:, :1]) + eps)

    def update(w: Array, state: DogState, objective: Oracle) -> tuple[Array, DogState]:
        g, moved = add_decay(objective.gradient(w), w, weight_decay), w - state.origin
        r = np.maximum(state.distance, np.sqrt(row_dot(moved, moved)))
        total = state.total + row_dot(g, g)
        return w - lr * r / np.sqrt(total) * g, DogState(state.origin, r, total)

    return Rule(init, update)
