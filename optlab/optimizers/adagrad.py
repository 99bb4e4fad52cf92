"""AdaGrad."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.options import NonNegative, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.decay import add_decay
from optlab.optimizers.root import divided, root
from optlab.optimizers.rule import Rule, optimizer


class AdagradState(NamedTuple):
    total: Array  # (R, P) sum of squared gradients


@optimizer("gradient", family="adaptive", elementwise=True)
def adagrad(
    lr: Positive = 0.01,
    eps: NonNegative = 1e-10,
    eps_root: NonNegative = 0.0,
    initial_accumulator: NonNegative = 0.0,
    weight_decay: NonNegative = 0.0,
) -> Rule:
    """AdaGrad: every parameter's rate falls with the sum of its squared gradients.

        g <- g + weight_decay * w
        s <- s + g^2
        w <- w - lr * g / (sqrt(s + eps_root) + eps)

    Args:
        lr: learning rate, positive.
        eps: added to the root against division by zero.
        eps_root: added inside the root, at least 0; eps=0 eps_root=1e-7 is the form of TensorFlow.
        initial_accumulator: initial value of s.
        weight_decay: coupled decay of all parameters (see `add_decay`), at least 0.

    Reference: Duchi, Hazan and Singer, Adaptive Subgradient Methods for Online Learning and Stochastic
    Optimization, 2011, fig. 1 (diagonal version); eps outside the root, as in PyTorch.
    """

    def init(w: Array, objective: Oracle) -> AdagradState:
        return AdagradState(np.zeros_like(w) + initial_accumulator)

    def update(w: Array, state: AdagradState, objective: Oracle) -> tuple[Array, AdagradState]:
        g = add_decay(objective.gradient(w), w, weight_decay)
        s = state.total + g**2
        return w - divided(lr * g, root(s, eps_root) + eps, eps), AdagradState(s)

    return Rule(init, update)
