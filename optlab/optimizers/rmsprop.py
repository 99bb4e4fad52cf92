"""RMSProp."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.options import Fraction, NonNegative, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.decay import add_decay
from optlab.optimizers.root import divided, root
from optlab.optimizers.rule import Rule, optimizer


class RmspropState(NamedTuple):
    mean_square: Array  # (R, P) running mean of g^2
    mean: Array | None  # (R, P) running mean of g, if centred
    velocity: Array  # (R, P)


@optimizer("gradient", family="adaptive", elementwise=True)
def rmsprop(
    lr: Positive = 0.01,
    rho: Fraction = 0.99,
    eps: NonNegative = 1e-8,
    eps_root: NonNegative = 0.0,
    momentum: Fraction = 0.0,
    centered: bool = False,
    weight_decay: NonNegative = 0.0,
) -> Rule:
    """RMSProp: the gradient divided by the root of a running mean of its square.

        g <- g + weight_decay * w
        s <- rho * s + (1 - rho) * g^2
        a <- rho * a + (1 - rho) * g                     centred: s - a^2 takes the place of s below
        v <- momentum * v + g / (sqrt(s + eps_root) + eps)
        w <- w - lr * v

    Args:
        lr: learning rate, positive.
        rho: decay of the running means, in [0, 1) (PyTorch calls it alpha).
        eps: added to the root, as in PyTorch.
        eps_root: added inside the root, at least 0; eps=0 eps_root=1e-7 is the form of Graves and TensorFlow.
        momentum: share of the velocity that is kept, in [0, 1).
        centered: divide by the running standard deviation of g.
        weight_decay: coupled decay of all parameters (see `add_decay`), at least 0.

    References: Tieleman and Hinton, Lecture 6.5 of Neural Networks for Machine Learning, 2012; centred:
    Graves, Generating Sequences With Recurrent Neural Networks, 2013, eq. (38)-(41). A variance that
    rounding makes negative counts as 0.
    """

    def init(w: Array, objective: Oracle) -> RmspropState:
        return RmspropState(np.zeros_like(w), np.zeros_like(w) if centered else None, np.zeros_like(w))

    def update(w: Array, state: RmspropState, objective: Oracle) -> tuple[Array, RmspropState]:
        g = add_decay(objective.gradient(w), w, weight_decay)
        variance = s = rho * state.mean_square + (1 - rho) * g**2
        a = state.mean
        if a is not None:
            a = rho * a + (1 - rho) * g
            variance = np.maximum(s - a**2, 0)
        v = momentum * state.velocity + divided(g, root(variance, eps_root) + eps, eps)
        return w - lr * v, RmspropState(s, a, v)

    return Rule(init, update)
