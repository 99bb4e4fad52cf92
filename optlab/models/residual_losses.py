"""Losses of residuals r = x w + b - y, the prediction less the target.

    squared    r^2 / 2                                             slope: r
    huber      r^2 / 2 up to |r| = delta, delta |r| - delta^2 / 2 beyond   slope: r, at most delta in size

Reference: Huber, Robust Estimation of a Location Parameter, 1964.
"""

import numpy as np

from optlab.core.arrays import Array
from optlab.models.margin_losses import MarginLoss, total


def _squared_losses(r: Array) -> Array:
    return 0.5 * np.square(r)


SQUARED = MarginLoss(
    _squared_losses,
    lambda r: (0.5 * total(np.square(r)), r),
    np.ones_like,
    np.ones_like,
    conjugate=_squared_losses,
)


def huber(delta: float) -> MarginLoss:
    """Huber's loss, which grows like |r| beyond `delta`."""

    def losses(r: Array) -> Array:
        size = np.abs(r)
        inside = np.minimum(size, r.dtype.type(delta))
        return inside * (size - 0.5 * inside)

    def curvature(r: Array) -> Array:
        return (np.abs(r) <= delta).astype(r.dtype)

    return MarginLoss(
        losses,
        lambda r: (total(losses(r)), np.clip(r, -delta, delta)),
        curvature,
        curvature,
        conjugate=lambda slope: np.where(
            np.abs(slope) <= delta * (1 + 1e-12), 0.5 * np.square(slope), np.inf
        ),
    )
