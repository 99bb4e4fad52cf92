"""Newton's method, regularised by the root of the gradient's norm."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array, quotient, row_dot, solve_positive_definite
from optlab.core.options import Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rule, optimizer


class RegularizedState(NamedTuple):
    w: Array  # (R, P) parameters before the last step
    gradient: Array  # (R, P) there
    hessian: Array  # (R, P, P) there
    h: Array  # (R, 1) estimate of half the Lipschitz constant of the Hessian


@optimizer("gradient", "hessian", family="second order", tuned=False, batches="full", matrix=True)
def regularized_newton(h0: Positive = 1.0) -> Rule:
    """AdaN+: Newton's steps with a damping that falls with the gradient, without a line search.

        s = w - w_before,    m = ||g - g_before - H_before s|| / ||s||^2
        h <- max(h / 2, m);    h0 in the first step
        (H + sqrt(h ||g||) * I) d = -g
        w <- w + d

    Where H is indefinite it is mended as in `newton`.

    Args:
        h0: initial h, positive; half the Lipschitz constant of the Hessian, or an estimate.

    Reference: Mishchenko, Regularized Newton Method with Global O(1/k^2) Convergence, 2023: AdaN+.
    """

    def init(w: Array, objective: Oracle) -> RegularizedState:
        hessian = np.zeros((*w.shape, w.shape[1]), w.dtype)
        return RegularizedState(w, np.zeros_like(w), hessian, np.zeros_like(w[:, :1]) + 2 * h0)

    def update(w: Array, state: RegularizedState, objective: Oracle) -> tuple[Array, RegularizedState]:
        g, s = objective.gradient(w), w - state.w
        error, square = g - state.gradient - np.einsum("rpq,rq->rp", state.hessian, s), row_dot(s, s)
        m = quotient(np.sqrt(row_dot(error, error)), square, square > np.finfo(w.dtype).tiny)
        h = np.maximum(state.h / 2, m)
        hessian = objective.hessian(w)
        d = -solve_positive_definite(hessian, g, np.sqrt(h * np.sqrt(row_dot(g, g))))
        return w + d, RegularizedState(w, g, hessian, h)

    return Rule(init, update)
