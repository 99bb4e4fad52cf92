"""Polyak's step size."""

from typing import Literal

import numpy as np

from optlab.core.arrays import Array, quotient, row_dot
from optlab.core.options import Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rule, optimizer


@optimizer("value", "gradient", family="Polyak", tuned=False, batches="full")
def polyak(lr: Positive = 1.0, optimum: float | Literal["auto"] = "auto") -> Rule:
    """Gradient descent with Polyak's step: exact where the least cost J* is known.

        w <- w - lr * max(J(w) - J*, 0) / ||g||^2 * g

    Args:
        lr: multiplies the step, positive; 1 is Polyak's, others below 2 converge too.
        optimum: `auto`, the certified least cost, of convex costs that have one, or a number: J* or a bound
            from below, with which steps are too long near the optimum; 0 is one for every loss here.

    Reference: Polyak, Introduction to Optimization, 1987, section 5.3.
    """

    least = 0.0 if isinstance(optimum, str) else optimum  # training puts J* in the place of the word

    def init(w: Array, objective: Oracle) -> tuple[()]:
        return ()

    def update(w: Array, state: tuple[()], objective: Oracle) -> tuple[Array, tuple[()]]:
        value, g = objective.value_and_gradient(w)
        square = row_dot(g, g)
        gap = np.maximum(value[:, None] - least, 0)
        return w - lr * quotient(gap, square, square > 0) * g, state

    return Rule(init, update)
