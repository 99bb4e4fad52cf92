"""Binary losses of margins, stable for margins of any size.

They are written in the margin b = y z with y in {-1, +1} and the score z: a sample is
classified rightly where b > 0. Then both have the same form for either label:

    cross_entropy   log(1 + exp(-b))   slope: -s            curvature: s (1 - s)
    mse             s^2 / 2            slope: -s^2 (1 - s)  curvature: s^2 (1 - s) (2 - 3 s)
    perceptron      max(0, -b)         slope: -1 if b <= 0  curvature: 0

with s = 1 / (1 + exp(b)), the probability given to the wrong label.

Where samples have weights, they multiply losses and slopes; curvatures are without them.
"""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import numpy as np

from optlab.core.arrays import Array

Loss = Literal["cross_entropy", "mse"]

FACTORS = {np.dtype(np.float64): 32, np.dtype(np.float32): 8}
"""How many factors 1 + exp(b) are multiplied before a logarithm is taken; most products fit."""

SMALL_LOSS = 1e-3
"""Mean loss below which log(1 + exp(b)) - b has lost three digits."""


def sigmoid(z: Array) -> Array:
    """1 / (1 + exp(-z)), without overflow for any z."""
    lowest = np.log(np.finfo(z.dtype).tiny)
    return 1 / (1 + np.exp(-np.maximum(z, lowest)))


class MarginLoss(NamedTuple):
    """A binary loss of margins (n, R)."""

    losses: Callable[[Array], Array]
    """Margins -> losses (n, R), accurate for margins of any size."""

    value_and_slope: Callable[[Array], tuple[Array, Array]]
    """Margins, overwritten -> sum of losses (R,), NaN for runs that need `losses`; slopes (n, R)."""

    curvature: Callable[[Array], Array]
    """Margins -> second derivatives (n, R)."""

    gauss_newton: Callable[[Array], Array]
    """Margins -> second derivatives without the part that may be negative (n, R)."""

    def value_and_slope_of(
        self, margins: Callable[[Any], Array], weight: Array | None = None
    ) -> tuple[Array, Array]:
        """Sum of losses (R,) and slopes (n, R), where `margins(runs)` computes the margins of some runs.

        The samples' losses are multiplied by `weight` (n,), if it is given.
        """
        b = margins(slice(None))
        if weight is not None:
            loss = weight.astype(np.float64) @ self.losses(b)
            return loss, self.value_and_slope(b)[1] * weight[:, None]
        loss, slope = self.value_and_slope(b)
        inaccurate = np.isnan(loss)
        if inaccurate.any():
            loss[inaccurate] = _total(self.losses(margins(inaccurate)))
        return loss, slope


def _total(losses: Array) -> Array:
    """Sums (R,) of losses (n, R), in double precision: pairwise, where sum(0) gathers n roundings."""
    return np.ascontiguousarray(losses.T).sum(1, dtype=np.float64)


def _logistic_losses(b: Array) -> Array:
    return np.logaddexp(0, -b)


def _logistic_value_and_slope(b: Array) -> tuple[Array, Array]:
    """Sum of log(1 + exp(-b)) over samples, and its derivatives -s.

    With q = 1 + exp(b) the loss is log q - b, and sum log q = log prod q: one multiplication in place of most
    logarithms. Of the samples of a product, the margins are subtracted from its logarithm: what is added up
    is small, and so is its rounding. A sum is given up (NaN) where a product overflows, and where the losses
    are so small that log q - b cancels.
    """
    factors, n_runs = FACTORS[b.dtype], b.shape[1]
    whole = len(b) // factors * factors
    margins, rest = np.add.reduce(b[:whole].reshape(factors, -1), axis=0), b[whole:].sum(0)
    with np.errstate(over="ignore"):
        q = np.exp(b, out=b)
        q += 1
        parts = np.multiply.reduce(q[:whole].reshape(factors, -1), axis=0)
    np.log(parts, out=parts)
    parts -= margins
    loss = np.ones(whole // factors, b.dtype) @ parts.reshape(-1, n_runs)  # a product is faster than sum(0)
    if whole < len(q):
        loss += np.log(q[whole:]).sum(0) - rest
    loss = loss.astype(np.float64)
    accurate = (loss > SMALL_LOSS * len(b)) & (loss < np.inf)
    return np.where(accurate, loss, np.nan), np.divide(-1, q, out=q)


def logistic_curvature(b: Array) -> Array:
    s = sigmoid(-np.abs(b))
    return s * (1 - s)


def _squared_losses(b: Array) -> Array:
    return 0.5 * np.square(sigmoid(-b))


def _squared_value_and_slope(b: Array) -> tuple[Array, Array]:
    s = sigmoid(-b)
    return 0.5 * _total(np.square(s)), -(s**2) * (1 - s)


def _squared_curvature(b: Array) -> Array:
    s = sigmoid(-b)
    return s**2 * sigmoid(b) * (2 - 3 * s)


def _squared_gauss_newton(b: Array) -> Array:
    s = sigmoid(-b)
    return (s * sigmoid(b)) ** 2


def _perceptron_losses(b: Array) -> Array:
    return np.maximum(-b, 0)


def _perceptron_value_and_slope(b: Array) -> tuple[Array, Array]:
    """At a margin of 0, where any slope in [-1, 0] is a subgradient, -1: a start at 0 can be left."""
    zero = np.sqrt(np.finfo(b.dtype).tiny)  # what is added to a margin to break a tie
    return _total(_perceptron_losses(b)), -(b <= zero).astype(b.dtype)


MARGIN_LOSSES = {
    "cross_entropy": MarginLoss(
        _logistic_losses, _logistic_value_and_slope, logistic_curvature, logistic_curvature
    ),
    "mse": MarginLoss(_squared_losses, _squared_value_and_slope, _squared_curvature, _squared_gauss_newton),
    "perceptron": MarginLoss(_perceptron_losses, _perceptron_value_and_slope, np.zeros_like, np.zeros_like),
}
