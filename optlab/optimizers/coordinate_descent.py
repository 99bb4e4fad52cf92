"""Coordinate descent for l1 penalties."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array, row_dot
from optlab.core.options import Count, OpenFraction
from optlab.objective.oracle import Oracle
from optlab.optimizers.owl_qn import least_subgradient
from optlab.optimizers.proximal import backtracking_on_path
from optlab.optimizers.rule import Rule, optimizer

FIRST_SIZE = 32
"""Coordinates of the first working set."""

ACCURACY = 1e-6
"""Share of the first sweep's largest change of a slope below which a sweep is the last."""


class CoordinateDescentState(NamedTuple):
    size: Array  # (R, 1) of the working sets


@optimizer("value", "gradient", "l1", "hessian_block", family="proximal", tuned=False, batches="full")
def coordinate_descent(sweeps: Count = 50, armijo: OpenFraction = 1e-4) -> Rule:
    """Proximal Newton steps on working sets, coordinate by coordinate; for linear models and full batches.

        v  = the subgradient of J of least norm
        W  = coordinates with w != 0, those without l1, and those with the largest |v|: the working set
        d  = argmin of g_W.d + d.H_WW d / 2 + l1 |w + d|_1,   by one coordinate after another:
             d_j <- soft(w_j + d_j - q_j / H_jj, l1_j / H_jj) - w_j,   q = g_W + H_WW d
        w <- w + a d,   a = 1, 1/2, 1/4, ... until J has fallen enough

    A working set is at least twice as large as the support of w. All runs of a stack visit their coordinates
    together, the k-th of each at a time.

    Args:
        sweeps: times that the coordinates of a working set are visited, at most; fewer if they settle.
        armijo: share of the predicted decrease that a step must reach, in (0, 1).

    Reference: Friedman, Hastie and Tibshirani, Regularization Paths for Generalized Linear Models via
    Coordinate Descent, 2010, sections 2 and 3; working sets, Massias, Gramfort and Salmon, Celer: a Fast
    Solver for the Lasso with Dual Extrapolation, 2018, section 4.
    """

    def init(w: Array, objective: Oracle) -> CoordinateDescentState:
        return CoordinateDescentState(np.full_like(w[:, :1], FIRST_SIZE))

    def update(
        w: Array, state: CoordinateDescentState, objective: Oracle
    ) -> tuple[Array, CoordinateDescentState]:
        value, g = objective.value_and_gradient(w)
        l1 = objective.l1(w)
        v = least_subgradient(w, g, l1)
        free = (w != 0) | (l1 == 0)
        size = np.minimum(w.shape[1], np.maximum(state.size, 2 * free.sum(1, keepdims=True)))
        sets = first_sets(np.where(free, np.inf, np.abs(v)), int(size.max()))

        def on_sets(a: Array) -> Array:
            return np.take_along_axis(a, sets, 1)

        own = np.arange(sets.shape[1]) < size  # the rest is there for runs with larger sets
        hessian = objective.hessian_block(w, sets)
        change = descended(on_sets(w), on_sets(g), hessian, on_sets(l1), own, sweeps)
        d = np.zeros_like(w)
        np.put_along_axis(d, sets, change, 1)
        slope = row_dot(g, d)[:, 0] + (l1 * (np.abs(w + d) - np.abs(w))).sum(1)

        def path(runs: Array, step: Array) -> Array:
            return w[runs] + step * d[runs]

        def predicted(runs: Array, end: Array, step: Array) -> Array:
            return -step[:, 0] * slope[runs]

        first = np.ones_like(w[:, :1])
        end, _ = backtracking_on_path(objective, w, value, g, first, armijo, -slope, path, predicted)
        return end, CoordinateDescentState(size.astype(w.dtype))

    return Rule(init, update)


def first_sets(priority: Array, size: int) -> Array:
    """Positions (R, size) of the largest priorities (R, P), the largest first."""
    largest = np.argpartition(-priority, size - 1, axis=1)[:, :size]
    order = np.argsort(-np.take_along_axis(priority, largest, 1), axis=1, kind="stable")
    return np.take_along_axis(largest, order, 1)


def descended(w: Array, g: Array, hessian: Array, l1: Array, own: Array, sweeps: int) -> Array:
    """The d (R, m) that nearly minimises g.d + d.H d / 2 + l1 |w + d|_1, for w, g, l1 (R, m) and H (R, m, m).

    Coordinates that are not a run's own stay. Its sweeps end once they change little, see `ACCURACY`.
    """
    d, q = np.zeros_like(w), g.copy()
    curvature = np.einsum("rjj->rj", hessian)
    curvature = np.where(own & (curvature > 0), curvature, np.inf)  # others stay, as does a column of zeros
    active = np.ones(len(w), bool)
    threshold, rows = l1 / curvature, np.ascontiguousarray(hessian.transpose(1, 0, 2))
    settled: float | Array = 0.0
    for sweep in range(sweeps):
        moved = np.zeros(len(w))
        for j in range(w.shape[1]):
            u = w[:, j] + d[:, j] - q[:, j] / curvature[:, j]
            new = np.sign(u) * np.maximum(np.abs(u) - threshold[:, j], 0) - w[:, j]
            step = np.where(active, new - d[:, j], 0)
            if step.any():
                q += step[:, None] * rows[j]
                d[:, j] += step
                moved = np.maximum(moved, np.abs(step) * hessian[:, j, j])
        if sweep == 0:
            settled = ACCURACY * moved
        active &= ~(moved <= settled)
        if not active.any():
            break
    return d
