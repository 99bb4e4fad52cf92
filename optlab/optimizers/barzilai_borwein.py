"""The method of Barzilai and Borwein."""

from typing import Literal, NamedTuple

import numpy as np

from optlab.core.arrays import Array, quotient, row_dot
from optlab.core.options import Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rule, optimizer


class BarzilaiBorweinState(NamedTuple):
    w: Array  # (R, P) parameters before the last step
    gradient: Array  # (R, P) there
    step: Array  # (R, 1) last step length


@optimizer("gradient", family="gradient descent", tuned=False, batches="full")
def barzilai_borwein(lr: Positive = 0.01, step: Literal["long", "short"] = "long") -> Rule:
    """Gradient descent with a step length that approximates the inverse of the Hessian; for full batches.

        s = w - w_before,  y = g - g_before
        a <- s.s / s.y  (long)   or   s.y / y.y  (short);   a stays where s.y or the divisor is not positive
        w <- w - a * g

    There is no line search: the cost may rise for a while, and convergence is proven for quadratics only.
    Where training.clip_norm shortens a step, y is still that of the gradients as they are.

    Args:
        lr: length of the first step, positive; a schedule does not act on the later ones.
        step: which of the two lengths.

    Reference: Barzilai and Borwein, Two-Point Step Size Gradient Methods, 1988, eq. (5) and (6).
    """

    def init(w: Array, objective: Oracle) -> BarzilaiBorweinState:
        return BarzilaiBorweinState(w, np.zeros_like(w), np.zeros_like(w[:, :1]) + lr)

    def update(
        w: Array, state: BarzilaiBorweinState, objective: Oracle
    ) -> tuple[Array, BarzilaiBorweinState]:
        g = objective.gradient(w, clip=False)
        s, y = w - state.w, g - state.gradient
        curvature = row_dot(s, y)
        above, below = (row_dot(s, s), curvature) if step == "long" else (curvature, row_dot(y, y))
        measured = np.minimum(curvature, below) > np.finfo(w.dtype).tiny  # not 0, not to rounding either
        a = quotient(above, below, measured, state.step)
        return w - a * objective.clipped(g), BarzilaiBorweinState(w, g, a)

    return Rule(init, update)
