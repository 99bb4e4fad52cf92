"""Orthant-wise limited-memory quasi-Newton."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array, quotient, row_dot
from optlab.core.options import Count, OpenFraction, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.lbfgs import Pair, append_pair, inverse_hessian_product, make_pair
from optlab.optimizers.proximal import backtracking_on_path
from optlab.optimizers.rule import Rule, optimizer


class OwlQnState(NamedTuple):
    w: Array  # (R, P) parameters before the last step
    gradient: Array  # (R, P) of the smooth part, there
    scale: Array  # (R, 1) multiple of the identity that the inverse Hessian is built on
    pairs: tuple[Pair, ...] | None  # as in `lbfgs`; None before the first step


@optimizer("value", "gradient", "l1", family="proximal", tuned=False, batches="full")
def owl_qn(lr: Positive = 1.0, history: Count = 10, armijo: OpenFraction = 1e-4) -> Rule:
    """OWL-QN: L-BFGS on one orthant at a time, in which the l1 penalty is linear; for full batches.

        v  = the subgradient of J of least norm            0 where w = 0 and |g| <= l1
        d  = -B v,  0 where its sign is that of v          B as in `lbfgs`, from gradients of the smooth part
        o  = sign(w), or sign(-v) where w = 0              the orthant
        w <- w + a d,  0 where that leaves the orthant;    a = lr, lr/2, lr/4, ... until J has fallen enough

    Parameters without l1, such as biases, know no orthants; without any l1 this is L-BFGS with backtracking.

    Args:
        lr: step length tried first, positive; lr * min(1, 1 / ||v||_1) in the first step.
        history: number of pairs kept, at least 1; memory 2 * history * P a run.
        armijo: share of the predicted decrease that a step must reach, in (0, 1).

    Reference: Andrew and Gao, Scalable Training of L1-Regularized Log-Linear Models, 2007, section 3.2.
    """

    def init(w: Array, objective: Oracle) -> OwlQnState:
        return OwlQnState(w, np.zeros_like(w), np.ones_like(w[:, :1]), None)

    def update(w: Array, state: OwlQnState, objective: Oracle) -> tuple[Array, OwlQnState]:
        value, g = objective.value_and_gradient(w)
        v = least_subgradient(w, g, objective.l1(w))
        first = np.zeros_like(w[:, :1]) + lr
        scale, pairs = state.scale, state.pairs
        if pairs is None:
            pairs, first = (), first / np.maximum(1, np.abs(v).sum(1, keepdims=True))
        else:
            pair = make_pair(w - state.w, g - state.gradient, state.gradient)
            scale = quotient(row_dot(pair.s, pair.y), row_dot(pair.y, pair.y), pair.rho > 0, scale)
            pairs = append_pair(pair, pairs)[-history:]
        d = -inverse_hessian_product(pairs, scale, v)
        smooth = objective.l1(w) == 0
        d = np.where(smooth | (d * v < 0), d, 0)
        orthant = np.where(w != 0, np.sign(w), np.sign(-v))

        def path(runs: Array, step: Array) -> Array:
            end = w[runs] + step * d[runs]
            return np.where(smooth[runs] | (end * orthant[runs] > 0), end, 0)

        def predicted(runs: Array, end: Array, step: Array) -> Array:
            return row_dot(v[runs], w[runs] - end)[:, 0]

        hope = -(first * row_dot(v, d))[:, 0]
        end, _ = backtracking_on_path(objective, w, value, g, first, armijo, hope, path, predicted)
        return end, OwlQnState(w, g, scale, pairs)

    return Rule(init, update)


def least_subgradient(w: Array, g: Array, l1: Array) -> Array:
    """The subgradient of least norm of f + l1 |w| (R, P), g the gradient of f."""
    side = np.where(w != 0, np.sign(w), -np.sign(g))
    return np.where((w != 0) | (np.abs(g) > l1), g + l1 * side, 0)
