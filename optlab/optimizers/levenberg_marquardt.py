"""Newton's method with the damping of Levenberg and Marquardt."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array, row_dot, solve_positive_definite
from optlab.core.options import Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.linesearch import decrease
from optlab.optimizers.rule import Rule, optimizer


class DampingState(NamedTuple):
    damping: Array  # (R, 1)
    diagonal: Array  # (R, P) D; 0 before the first step


@optimizer("value", "gradient", "hessian", family="second order", tuned=False, batches="full")
def levenberg_marquardt(damping: Positive = 1e-3) -> Rule:
    """Newton's method with a damping that adapts itself to how well the quadratic model predicts.

        D <- max(D, |diagonal of H|)
        (H + damping * D) d = -g
        r = (J(w) - J(w + d)) / (the decrease that g and H predict)
        w <- w + d  where r > 0
        damping <- damping * 4  where r < 1/4,   damping / 4  where r > 3/4

    D starts at 0; an element of it that still is 0 counts as 1. The path does not depend on the units of the
    features. Where H + damping * D is not positive definite, it is mended as in `newton`, by D in place of I.

    Args:
        damping: of the first step, positive; a share of the curvature along each parameter.

    Reference: Marquardt, An Algorithm for Least-Squares Estimation of Nonlinear Parameters, 1963, with the
    full Hessian in place of J'J; D: Moré, The Levenberg-Marquardt Algorithm: Implementation and Theory, 1978,
    section 6, with 1 for 0 as in MINPACK; thresholds: Fletcher, A Modified Marquardt Subroutine, 1971.
    """

    def init(w: Array, objective: Oracle) -> DampingState:
        return DampingState(np.zeros_like(w[:, :1]) + damping, np.zeros_like(w))

    def update(w: Array, state: DampingState, objective: Oracle) -> tuple[Array, DampingState]:
        value, g = objective.value_and_gradient(w)
        hessian = objective.hessian(w)
        diagonal = np.maximum(state.diagonal, np.abs(np.einsum("rpp->rp", hessian)))
        unit = 1 / np.sqrt(np.where(diagonal == 0, 1, diagonal))  # of each parameter; in these units D is I
        scaled = unit[:, :, None] * hessian * unit[:, None, :]
        d = -unit * solve_positive_definite(scaled, unit * g, state.damping)
        slope = row_dot(g, d)
        predicted = -slope - np.einsum("rp,rpq,rq->r", d, hessian, d)[:, None] / 2
        gain = decrease(objective, w, d, value, slope[:, 0])[:, None]
        factor = np.where(gain >= predicted / 4, np.where(gain > 3 * predicted / 4, 0.25, 1), 4)
        new = np.where(gain > 0, w + d, w)
        return new, DampingState((factor * state.damping).astype(w.dtype), diagonal)

    return Rule(init, update)
