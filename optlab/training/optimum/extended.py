"""A convex cost and its gradient beyond double precision, with a bound on their own rounding.

The cost at a minimum is sure to the last digit of a double only if it is summed in more: `numpy.longdouble`
has 64 bits of mantissa on x86 (a double has 53). Where it has no more than a double, or where there are too
many products for it, the bound on the rounding is wider.

The scores z = a^T w of a sample are rounded by at most delta = eps d sum_j |a_j w_j|. That changes its loss
by sum_k |slope_k| delta at most, and a slope by 2 |slope_k| delta: the derivatives of p_k sum to
2 p_k (1 - p_k) or less, and |slope_k| is p_k, or 1 - p_k of the sample's own class.
"""

from typing import Any, NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.models.model import LinearScores, Samples
from optlab.objective.penalty import Penalty

MAX_PRODUCTS = 2e7
"""Products of a feature and a weight that are computed one by one: about a second."""

SUMMED = 64
"""Roundings of a pairwise sum of any length, and of the functions in it."""


class Point(NamedTuple):
    """A cost at some parameters."""

    value: Any  # J, a number of the extended type
    gradient: Array  # (P,) of that type
    value_error: float  # J is at most so far from `value`
    gradient_error: Array  # (P,) and its gradient from `gradient`


class Cost:
    """The cost of a model with linear scores on the samples x (n, d) with labels y."""

    def __init__(self, model: LinearScores, x: Any, samples: Samples, penalty: Penalty) -> None:
        small = x.shape[0] * x.shape[1] * model.n_scores <= MAX_PRODUCTS or not isinstance(x, np.ndarray)
        self.dtype: Any = np.longdouble if small else np.float64
        self._x, self._y = x.astype(self.dtype), samples.y
        self._n_scores = model.n_scores
        self._mask = model.penalty_mask.astype(self.dtype)
        self._penalty = penalty.restrict(self._mask)
        weight = np.ones(len(samples.y)) if samples.weight is None else samples.weight
        self._weight = np.divide(weight, len(samples.y), dtype=self.dtype)

    def at(self, w: Array) -> Point:
        """J and its gradient at w (P,)."""
        w = w.astype(self.dtype)
        scores, size = self._scores(self._x, w), self._scores(abs(self._x), np.abs(w))
        losses, slopes = _logistic(scores, self._y) if self._n_scores == 1 else _softmax(scores, self._y)
        slopes = slopes * self._weight[:, None]
        value = (losses * self._weight).sum() + self._penalty.value(w[None])[0]
        gradient = self._spread(self._x, slopes) + self._penalty.gradient(w[None])[0]
        eps = float(np.finfo(self.dtype).eps)
        delta = eps * (SUMMED + self._x.shape[1] * size.max(1, keepdims=True))  # relative, of the slopes
        rough = np.abs(slopes) * delta
        error = 2 * self._spread(abs(self._x), rough) + eps * SUMMED * np.abs(gradient)
        return Point(value, gradient, float(rough.sum() + eps * SUMMED * abs(value)), error.astype(float))

    def _scores(self, x: Any, w: Array) -> Array:
        """(n, K) of parameters w (P,): d x K weights, row by row, then K biases if there are any."""
        n_weights = x.shape[1] * self._n_scores
        scores = x @ w[:n_weights].reshape(x.shape[1], self._n_scores)
        return scores + w[n_weights:] if len(w) > n_weights else scores

    def _spread(self, x: Any, slopes: Array) -> Array:
        """(P,) sums of slopes (n, K) times features."""
        weights = (x.T @ slopes).ravel()
        return weights if len(self._mask) == len(weights) else np.append(weights, slopes.sum(0))


def _logistic(scores: Array, y: Array) -> tuple[Array, Array]:
    """Losses (n,) and slopes (n, 1) of cross-entropy with two classes."""
    sign = np.where(y == 1, 1, -1).astype(scores.dtype)
    margins = sign * scores[:, 0]
    e = np.exp(-np.abs(margins))  # at most 1
    losses = np.maximum(-margins, 0) + np.log1p(e)
    wrong = np.where(margins > 0, e, 1) / (1 + e)  # the probability of the other label
    return losses, (-sign * wrong)[:, None]


def _softmax(scores: Array, y: Array) -> tuple[Array, Array]:
    """Losses (n,) and slopes (n, K) of cross-entropy with K classes."""
    rows = np.arange(len(y))
    shifted = scores - scores.max(1, keepdims=True)
    e = np.exp(shifted)
    total = e.sum(1)
    slopes = e / total[:, None]
    slopes[rows, y] -= 1
    return np.log(total) - shifted[rows, y], slopes
