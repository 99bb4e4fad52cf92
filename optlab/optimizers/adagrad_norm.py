"""AdaGrad with one rate for all parameters."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array, quotient, row_dot
from optlab.core.options import NonNegative, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rule, optimizer


class AdagradNormState(NamedTuple):
    total: Array  # (R, 1) b^2


@optimizer("gradient", family="adaptive")
def adagrad_norm(lr: Positive = 1.0, initial_accumulator: NonNegative = 0.0) -> Rule:
    """AdaGrad-Norm: the rate falls with the sum of the squared norms of the gradients.

        b^2 <- b^2 + ||g||^2
        w   <- w - lr * g / b

    Args:
        lr: numerator of the rate, positive; of the order of the distance to the optimum.
        initial_accumulator: initial value of b^2, at least 0.

    Reference: Ward, Wu and Bottou, AdaGrad Stepsizes: Sharp Convergence over Nonconvex Landscapes, 2019,
    algorithm 1.
    """

    def init(w: Array, objective: Oracle) -> AdagradNormState:
        return AdagradNormState(np.zeros_like(w[:, :1]) + initial_accumulator)

    def update(w: Array, state: AdagradNormState, objective: Oracle) -> tuple[Array, AdagradNormState]:
        g = objective.gradient(w)
        total = state.total + row_dot(g, g)
        return w - lr * quotient(g, np.sqrt(total), total > 0), AdagradNormState(total)

    return Rule(init, update)
