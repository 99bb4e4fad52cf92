"""The stochastic Polyak step size."""

import numpy as np

from optlab.core.arrays import Array, quotient, row_dot
from optlab.core.options import Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rule, optimizer


@optimizer("value", "gradient", family="Polyak", tuned=False)
def sps_max(lr: Positive = 1.0, c: Positive = 1.0, bound: float = 0.0) -> Rule:
    """SPS_max: SGD with Polyak's step on the batch of the step, up to a largest one.

        w <- w - min((J_B(w) - bound) / (c * ||g||^2), lr) * g,    J_B the cost of the batch

    Args:
        lr: largest step, positive.
        c: divides Polyak's step, positive; 1/2 is best for convex costs where each batch can be fitted.
        bound: no batch has a lower cost; 0 is one for every loss here.

    Reference: Loizou, Vaswani, Laradji and Lacoste-Julien, Stochastic Polyak Step-size for SGD: An Adaptive
    Learning Rate for Fast Convergence, 2021, eq. (SPS_max).
    """

    def init(w: Array, objective: Oracle) -> tuple[()]:
        return ()

    def update(w: Array, state: tuple[()], objective: Oracle) -> tuple[Array, tuple[()]]:
        value, g = objective.value_and_gradient(w)
        square = row_dot(g, g)
        step = np.minimum(quotient(value[:, None] - bound, c * square, square > 0), lr)
        return w - step.astype(w.dtype) * g, state

    return Rule(init, update)
