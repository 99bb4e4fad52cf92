"""Stochastic gradient descent."""

from optlab.arrays import Array
from optlab.objective import Objective
from optlab.optimizers.rule import Rule, optimizer
from optlab.options import Positive


@optimizer("gradient")
def sgd(lr: Positive = 0.01) -> Rule:
    """Gradient descent on the batch of the step; on the full batch, plain gradient descent.

        w <- w - lr * g

    Args:
        lr: learning rate, positive.

    Reference: Robbins and Monro, A Stochastic Approximation Method, 1951, eq. (8).
    """

    def init(w: Array, objective: Objective) -> tuple[()]:
        return ()

    def update(w: Array, state: tuple[()], objective: Objective) -> tuple[Array, tuple[()]]:
        return w - lr * objective.gradient(w), state

    return Rule(init, update)
