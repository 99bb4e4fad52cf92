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
"""How many factors 1 + exp(-b) are multiplied before a logarithm is taken, even; most products fit."""

SMALL_LOSS = 1e-3
"""Mean loss below which log(1 + exp(-b)) may have lost three digits."""


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

    slope: Callable[[Array], Array] | None = None
    """Margins, overwritten -> slopes (n, R); None: they cost no less than with the sum of losses."""

    conjugate: Callable[[Array], Array] | None = None
    """Slopes (n,) -> values (n,) of the convex conjugate, infinite where it is; None: none is used."""

    def slope_of(self, margins: Array) -> Array:
        """Slopes (n, R) of margins, which are overwritten; the bits are those of `value_and_slope_of`."""
        return self.slope(margins) if self.slope else self.value_and_slope(margins)[1]

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
            loss[inaccurate] = total(self.losses(margins(inaccurate)))
        return loss, slope


def total(losses: Array) -> Array:
    """Sums (R,) of losses (n, R), in double precision: pairwise, where sum(0) gathers n roundings."""
    return np.ascontiguousarray(losses.T).sum(1, dtype=np.float64)


def _logistic_losses(b: Array) -> Array:
    return np.logaddexp(0, -b)


def _logistic_value_and_slope(b: Array) -> tuple[Array, Array]:
    """Sum of log(1 + exp(-b)) over samples, and its derivatives -s.

    With e = exp(-b) and q = -1 - e the slope is e / q and the loss log(-q), and the sum over an even number
    of samples log prod q: one multiplication in place of most logarithms. Nothing cancels, for all losses are
    positive. A sum is given up (NaN) where a product overflows, and where the losses are so small that 1 + e
    has lost their digits.
    """
    factors, n_runs = FACTORS[b.dtype], b.shape[1]
    whole = len(b) // factors * factors
    with np.errstate(over="ignore", invalid="ignore"):
        e = np.exp(np.negative(b, out=b), out=b)
        q = -1 - e
        products = np.multiply.reduce(q[:whole].reshape(factors, -1), axis=0)
        slope = np.divide(e, q, out=e)
    losses = np.log(products, out=products).reshape(-1, n_runs)
    loss = (np.ones(len(losses), b.dtype) @ losses).astype(np.float64, copy=False)  # faster than sum(0)
    if whole < len(q):
        loss += np.log(-q[whole:]).sum(0)
    inaccurate = ~((loss > SMALL_LOSS * len(q)) & (loss < np.inf))
    if inaccurate.any():
        loss[inaccurate] = np.nan
        slope[np.isinf(q)] = -1  # where e / q is inf / inf
    return loss, slope


def _logistic_slope(b: Array) -> Array:
    """The derivatives alone, without the losses' products and logarithms."""
    with np.errstate(over="ignore", invalid="ignore"):
        e = np.exp(np.negative(b, out=b), out=b)
        q = -1 - e
        slope: Array = np.divide(e, q, out=e)
    infinite = np.isinf(q)
    if infinite.any():
        slope[infinite] = -1  # where e / q is inf / inf
    return slope


def logistic_curvature(b: Array) -> Array:
    s = sigmoid(-np.abs(b))
    return s * (1 - s)


def _squared_losses(b: Array) -> Array:
    return 0.5 * np.square(sigmoid(-b))


def _squared_value_and_slope(b: Array) -> tuple[Array, Array]:
    s = sigmoid(-b)
    return 0.5 * total(np.square(s)), -(s**2) * (1 - s)


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
    return total(_perceptron_losses(b)), -(b <= zero).astype(b.dtype)


MARGIN_LOSSES = {
    "cross_entropy": MarginLoss(
        _logistic_losses,
        _logistic_value_and_slope,
        logistic_curvature,
        logistic_curvature,
        _logistic_slope,
    ),
    "mse": MarginLoss(_squared_losses, _squared_value_and_slope, _squared_curvature, _squared_gauss_newton),
    "perceptron": MarginLoss(_perceptron_losses, _perceptron_value_and_slope, np.zeros_like, np.zeros_like),
}
