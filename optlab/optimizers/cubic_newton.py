"""Newton's method with adaptive cubic regularisation."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array, row_dot
from optlab.core.options import Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.linesearch import decrease
from optlab.optimizers.rule import Rule, optimizer
from optlab.optimizers.secular import limited_minimiser


class CubicState(NamedTuple):
    sigma: Array  # (R, 1)


@optimizer("value", "gradient", "hessian", family="second order", tuned=False, batches="full")
def cubic_newton(sigma: Positive = 1.0) -> Rule:
    """ARC: Newton's method on a quadratic model with a cubic term that adapts itself.

        p = minimiser of m(p) = g.p + p.H p / 2 + sigma ||p||^3 / 3 (see `secular`)
        r = (J(w) - J(w + p)) / -m(p)
        w <- w + p  where r >= 1/10
        sigma <- 2 * sigma  where r < 1/10,    min(sigma, ||g||)  where r > 9/10

    Args:
        sigma: of the first step, positive; an estimate of half the Lipschitz constant of the Hessian.

    Reference: Cartis, Gould and Toint, Adaptive cubic regularisation methods for unconstrained optimization,
    part I, 2011, algorithm 2.1, with the choices of its section 7.
    """

    def init(w: Array, objective: Oracle) -> CubicState:
        return CubicState(np.zeros_like(w[:, :1]) + sigma)

    def update(w: Array, state: CubicState, objective: Oracle) -> tuple[Array, CubicState]:
        (value, g), s = objective.value_and_gradient(w), state.sigma
        norm = np.sqrt(row_dot(g, g))
        p, bend = limited_minimiser(objective.hessian(w), g, lambda a: a / s, np.sqrt(s * norm))
        slope = row_dot(g, p)
        predicted = -(slope + bend / 2 + s * row_dot(p, p) ** 1.5 / 3)
        gain = decrease(objective, w, p, value, slope[:, 0])[:, None]
        least = np.finfo(w.dtype).eps
        new = np.where(gain > 0.9 * predicted, np.maximum(np.minimum(s, norm), least), s)
        new = np.where(gain >= 0.1 * predicted, new, 2 * s)
        accepted = (gain >= 0.1 * predicted) & (predicted > 0)
        return np.where(accepted, w + p, w), CubicState(new.astype(w.dtype))

    return Rule(init, update)
