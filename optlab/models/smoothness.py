"""How fast the gradient of a convex cost can change: the constants that step sizes from theory are made of.

The Hessian of a linear model's mean loss is (1/n) sum_i weight_i C_i (x) a_i a_i^T, with a_i = [x_i, 1] and
the curvature C_i of the loss in the scores. No eigenvalue of C_i exceeds 1/4 for logistic and 1/2 for softmax
cross-entropy (Böhning, Multinomial Logistic Regression Algorithm, 1992), so that of the cost J none exceeds

    L = bound * lambda_max((1/n) sum_i weight_i a_i a_i^T) + the largest curvature of the penalty

and of one sample's penalised loss none exceeds L_max, where weight_i ||a_i||^2 stands for lambda_max(...).
"""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.models.model import LinearScores, Model, StatesCurvatures

SMALL = 64
"""Parameters up to which the matrix itself is formed; beyond, Lanczos's method needs products only."""


class Smoothness(NamedTuple):
    """Lipschitz constants of gradients."""

    L: float  # of J
    L_max: float  # the largest of all loss_i + penalty, whose mean J is
    mu: float = 0.0  # J is strongly convex with it in the weights: the least curvature that is known

    def with_penalty(self, curvature: float, least: float = 0.0) -> "Smoothness":
        """The same with a smooth penalty added whose curvature is at most that, and at least `least`."""
        return Smoothness(self.L + curvature, self.L_max + curvature, self.mu + max(least, 0.0))


def has_smoothness(model: Model) -> bool:
    """Whether the constants of a model are known: its loss is convex and smooth."""
    if isinstance(model, StatesCurvatures):
        return model.curvatures is not None
    return isinstance(model, LinearScores) and model.curvature_bound is not None


def smoothness(model: Model, x: Array, weight: Array | None = None) -> Smoothness:
    """The constants of a model's mean loss, without penalty.

    Args:
        model: one whose constants are known, see `has_smoothness`.
        x: inputs (n, d) of the training part, dense or CSR.
        weight: factors (n,) of the samples' losses; None: all 1.
    """
    if isinstance(model, StatesCurvatures):
        assert model.curvatures is not None
        least, most = model.curvatures
        return Smoothness(most, most, least)
    assert isinstance(model, LinearScores) and model.curvature_bound is not None
    bound = model.curvature_bound
    intercept = not model.penalty_mask.all()
    factors = np.ones(x.shape[0], x.dtype) if weight is None else weight.astype(x.dtype)
    largest_row = (factors * ((x * x).sum(1) + intercept)).max()
    largest = _largest_eigenvalue(x, factors, intercept) / len(factors)
    return Smoothness(bound * largest, bound * float(largest_row))


def _largest_eigenvalue(x: Array, factors: Array, intercept: bool) -> float:
    """Of the matrix sum_i factor_i a_i a_i^T, with a_i = [x_i, 1] or x_i."""
    from scipy.sparse.linalg import LinearOperator, eigsh

    d = x.shape[1]

    def product(v: Array) -> Array:
        v = v.ravel().astype(x.dtype)
        scores = factors * (x @ v[:d] + (v[d] if intercept else 0))
        return np.append(x.T @ scores, scores.sum()) if intercept else x.T @ scores

    matrix = LinearOperator((d + intercept, d + intercept), matvec=product, dtype=x.dtype)
    if matrix.shape[0] <= SMALL:
        return float(np.linalg.eigvalsh(matrix @ np.eye(matrix.shape[0], dtype=x.dtype))[-1])
    start = np.ones(matrix.shape[0], x.dtype)  # the same at every call
    # an eigenvalue errs by the square of its vector's residual
    accuracy = np.sqrt(np.finfo(x.dtype).eps)
    return float(eigsh(matrix, k=1, v0=start, tol=accuracy, return_eigenvectors=False)[0])
