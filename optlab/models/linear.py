"""Logistic regression: one weight per feature and an intercept."""

from typing import Any, Literal

import numpy as np

from optlab.arrays import Array, column_counts
from optlab.datasets.dataset import Part
from optlab.errors import UserError
from optlab.models.initial import Init, initial_weights
from optlab.models.losses import MARGIN_LOSSES, sigmoid
from optlab.models.model import REGISTRY, Samples, Sums

Loss = Literal["cross_entropy", "mse"]


class Logistic:
    """Binary logistic regression, P(y = 1 | x) = sigmoid(x w + b).

    The labels y in {-1, +1} are folded into the data once: with A = y [x, 1] the margins of all runs
    are M = A W^T (n, R), the losses are functions of M alone (see `losses`), the gradients are
    slope(M)^T A and the Hessians A^T diag(curvature(M)) A.

    Parameters (P,): the d weights, then the intercept.
    """

    width = 1

    def __init__(self, n_features: int, fit_intercept: bool, loss: Loss, init: Init) -> None:
        self.n_features = n_features
        self.n_classes = 2
        self.n_parameters = n_features + fit_intercept
        self.penalized = np.ones(self.n_parameters)
        self.penalized[n_features:] = 0
        self._loss = MARGIN_LOSSES[loss]
        self._init = init

    def prepare(self, part: Part, dtype: np.dtype) -> Samples:
        """A (n, P), with one more column that breaks ties.

        A score of 0 predicts label 0. The least positive number, added to the margins of label 0 alone,
        makes `margin > 0` say so; it changes no other margin.
        """
        sign = np.where(part.y == 1, 1, -1).astype(dtype)[:, None]
        tie = np.where(part.y == 1, 0, np.finfo(dtype).tiny).astype(dtype)[:, None]
        return Samples(np.hstack([sign * self._design(part.x.astype(dtype, copy=False)), tie]), part.y)

    def _design(self, x: Array) -> Array:
        """x with a column of ones if there is an intercept (n, P)."""
        return np.hstack([x, np.ones((len(x), self.n_parameters - self.n_features), x.dtype)])

    def initial(self, rng: np.random.Generator) -> Array:
        w = np.zeros(self.n_parameters)
        w[: self.n_features] = initial_weights(self._init, self.n_features, 1, rng)[:, 0]
        return w

    def sums(
        self, w: Array, samples: Samples, weight: float, *, gradient: bool = False, correct: bool = False
    ) -> Sums:
        right: Array | None = None

        def margins(runs: Any) -> Array:
            nonlocal right
            b = samples.x @ columns[:, runs]
            if correct and right is None:
                right = column_counts(b > 0)
            return b

        columns = np.ones((self.n_parameters + 1, len(w)), w.dtype)
        columns[:-1] = w.T
        loss, slope = self._loss.value_and_slope_of(margins)
        if not gradient:
            return Sums(weight * loss, None, right)
        g = (samples.x.T @ slope)[:-1].T  # as fast as its transpose, and without the column of ties
        return Sums(weight * loss, np.multiply(g, g.dtype.type(weight), order="C"), right)

    def hessian(self, w: Array, samples: Samples, weight: float) -> Array:
        a = samples.x[:, :-1]
        curvature = weight * self._loss.curvature(a @ w.T)  # (n, R)
        return np.stack([(a.T * c) @ a for c in curvature.T])

    def hessian_vector(
        self, w: Array, v: Array, samples: Samples, weight: float, gauss_newton: bool = False
    ) -> Array:
        a = samples.x[:, :-1]
        curvature_of = self._loss.gauss_newton if gauss_newton else self._loss.curvature
        curvature = weight * curvature_of(a @ w.T)
        return (curvature * (a @ v.T)).T @ a

    def probabilities(self, w: Array, x: Array) -> Array:
        p = sigmoid((self._design(x) @ w.T).T)
        return np.stack([1 - p, p], axis=-1)

    def predict(self, w: Array, x: Array) -> Array:
        return (self._design(x) @ w.T > 0).T.astype(np.int64)


@REGISTRY.register
def logistic(
    n_features: int,
    n_classes: int,
    /,
    fit_intercept: bool = True,
    loss: Loss = "cross_entropy",
    init: Init = "zeros",
) -> Logistic:
    """Binary logistic regression; starts at zero by default.

    Raises:
        UserError: the data set has more than two classes.
    """
    if n_classes != 2:
        raise UserError(
            f"model=logistic: the data set has {n_classes} classes and logistic regression is binary; "
            "use model=softmax or model=mlp"
        )
    return Logistic(n_features, fit_intercept, loss, init)
