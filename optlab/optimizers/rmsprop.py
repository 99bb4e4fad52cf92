"""RMSProp."""

from typing import NamedTuple

import numpy as np

from optlab.arrays import Array
from optlab.objective import Objective
from optlab.optimizers.rule import Rule, optimizer
from optlab.options import Fraction, NonNegative, Positive


class RmspropState(NamedTuple):
    mean_square: Array  # (R, P) running mean of g^2


@optimizer("gradient")
def rmsprop(lr: Positive = 0.01, rho: Fraction = 0.99, eps: NonNegative = 1e-8) -> Rule:
    """RMSProp: the gradient divided by the root of a running mean of its square.

        s <- rho * s + (1 - rho) * g^2
        w <- w - lr * g / (sqrt(s) + eps)

    Args:
        lr: learning rate, positive.
        rho: decay of the running mean, in [0, 1) (PyTorch calls it alpha).
        eps: added to the root, as in PyTorch.

    Reference: Tieleman and Hinton, Lecture 6.5 of Neural Networks for Machine Learning, 2012.
    """

    def init(w: Array, objective: Objective) -> RmspropState:
        return RmspropState(np.zeros_like(w))

    def update(w: Array, state: RmspropState, objective: Objective) -> tuple[Array, RmspropState]:
        g = objective.gradient(w)
        s = rho * state.mean_square + (1 - rho) * g**2
        return w - lr * g / (np.sqrt(s) + eps), RmspropState(s)

    return Rule(init, update)
