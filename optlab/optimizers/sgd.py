"""Stochastic gradient descent."""

from optlab.core.arrays import Array
from optlab.core.options import NonNegative, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.decay import add_decay
from optlab.optimizers.rule import Rule, optimizer


@optimizer("gradient", family="gradient descent", elementwise=True)
def sgd(lr: Positive = 0.01, weight_decay: NonNegative = 0.0) -> Rule:
    """Gradient descent on the batch of the step; on the full batch, plain gradient descent.

        g <- g + weight_decay * w
        w <- w - lr * g

    Args:
        lr: learning rate, positive.
        weight_decay: coupled decay of all parameters (see `add_decay`), at least 0.

    Reference: Robbins and Monro, A Stochastic Approximation Method, 1951, eq. (8).
    """

    def init(w: Array, objective: Oracle) -> tuple[()]:
        return ()

    def update(w: Array, state: tuple[()], objective: Oracle) -> tuple[Array, tuple[()]]:
        return w - lr * add_decay(objective.gradient(w), w, weight_decay), state

    return Rule(init, update)
