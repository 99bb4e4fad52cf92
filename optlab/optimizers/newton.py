"""Newton's method."""

from typing import Literal

import numpy as np

from optlab.core.arrays import Array, solve_positive_definite
from optlab.core.options import NonNegative, OpenFraction, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.linesearch import Line, backtracking, moved
from optlab.optimizers.rule import Rule, optimizer


@optimizer("value", "gradient", "hessian", family="second order", tuned=False, batches="full")
def newton(
    lr: Positive = 1.0,
    damping: NonNegative = 0.0,
    line_search: Literal["backtracking", "none"] = "backtracking",
    armijo: OpenFraction = 1e-4,
) -> Rule:
    """Newton's method: solves with the Hessian and searches along the direction found.

        (H + damping * I) d = -g
        w <- w + step * d,    step = lr, lr/2, lr/4, ... until J(w + step * d) <= J(w) + armijo * step * g.d

    Without damping the path does not depend on the units of the features. Where H + damping * I is singular,
    its diagonal grows by 10 P eps of itself; where it has a negative eigenvalue, the least multiple of the
    identity from a growing sequence is added that mends it: d is always a direction of descent.

    Args:
        lr: first step length that is tried, positive; 1 is Newton's step.
        damping: added to the diagonal of the Hessian.
        line_search: `backtracking`, or `none` to take the step lr as it is.
        armijo: share of the predicted decrease that a step must reach, in (0, 1).

    Reference: Nocedal and Wright, Numerical Optimization, 2nd ed. 2006, algorithms 3.1, 3.2 and 3.3.
    """

    def init(w: Array, objective: Oracle) -> tuple[()]:
        return ()

    def update(w: Array, state: tuple[()], objective: Oracle) -> tuple[Array, tuple[()]]:
        value, g = objective.value_and_gradient(w)
        direction = -solve_positive_definite(objective.hessian(w), g, damping)
        if line_search == "none":
            return w + lr * direction, state
        slope = np.einsum("rp,rp->r", g, direction)
        step = backtracking(Line(objective, w, direction, value, slope), lr, armijo)
        return moved(w, step, direction), state

    return Rule(init, update)
