"""Losses of scores, one for each class or one in all, stable for scores of any size."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.models.margin_losses import MARGIN_LOSSES, logistic_curvature, sigmoid


class ScoreLoss(NamedTuple):
    """A loss of scores (R, K, B) and labels (B,), with what back-propagation needs."""

    value_and_slope: Callable[[Array, Array, Array | None], tuple[Array, Array]]
    """Sum of losses (R,) and its derivatives (R, K, B) with respect to the scores; the last argument are
    the samples' weights (B,) or None."""

    slope_derivative: Callable[[Array, Array, Array], Array]
    """Directional derivative (R, K, B) of the slopes along a change of the scores (R, K, B)."""

    gauss_newton: Callable[[Array, Array, Array], Array]
    """The same without the part that may be indefinite."""


def one_hot(labels: Array, n_outputs: int, dtype: np.dtype) -> Array:
    """Index labels (B,) as one-hot targets (K, B); with one output the label itself is the target."""
    if n_outputs == 1:
        return labels[None].astype(dtype)
    return np.equal(labels, np.arange(n_outputs)[:, None]).astype(dtype)


def softmax(z: Array) -> Array:
    """exp(z) / sum exp(z) over axis 1, without overflow for any z (R, K, B)."""
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def _weighted(losses: Array, slope: Array, weight: Array | None) -> tuple[Array, Array]:
    """Sum (R,) of losses (R, B) and slope (R, K, B), each times the weight of its sample."""
    if weight is None:
        return losses.sum(1, dtype=np.float64), slope
    return losses @ weight.astype(np.float64), slope * weight


def _softmax_cross_entropy(z: Array, labels: Array, weight: Array | None) -> tuple[Array, Array]:
    samples = np.arange(len(labels))
    z = z - z.max(1, keepdims=True)
    picked = z[:, labels, samples]  # (R, B)
    e = np.exp(z, out=z)
    total = e.sum(1, keepdims=True)
    e /= total
    e[:, labels, samples] -= 1
    return _weighted(np.log(total[:, 0]) - picked, e, weight)


def _softmax_cross_entropy_derivative(z: Array, labels: Array, dz: Array) -> Array:
    p = softmax(z)
    return p * (dz - (p * dz).sum(1, keepdims=True))


def _sigmoid_cross_entropy(z: Array, labels: Array, weight: Array | None) -> tuple[Array, Array]:
    """One output: log(1 + exp(-y z)) with y = 2 label - 1 in {-1, +1}."""
    sign = (2 * labels - 1).astype(z.dtype)[:, None]  # y
    margins = z[:, 0].T * sign  # (B, R)
    loss, slope = MARGIN_LOSSES["cross_entropy"].value_and_slope_of(
        lambda runs: margins[:, runs].copy("C"), weight
    )
    return loss, (slope * sign).T[:, None]


def _sigmoid_cross_entropy_derivative(z: Array, labels: Array, dz: Array) -> Array:
    return logistic_curvature(z) * dz


class OutputActivation(NamedTuple):
    """Output activation a(z) of scores (R, K, B), with its symmetric Jacobian J(a)."""

    forward: Callable[[Array], Array]
    product: Callable[[Array, Array], Array]
    """a, v -> J(a) v."""
    product_derivative: Callable[[Array, Array, Array], Array]
    """a, da, v -> derivative of J(a) v along the change da of a, v kept fixed."""


def _softmax_product(a: Array, v: Array) -> Array:
    return a * (v - (a * v).sum(1, keepdims=True))


def _softmax_product_derivative(a: Array, da: Array, v: Array) -> Array:
    return da * (v - (a * v).sum(1, keepdims=True)) - a * (da * v).sum(1, keepdims=True)


OUTPUT_ACTIVATIONS = {
    "softmax": OutputActivation(softmax, _softmax_product, _softmax_product_derivative),
    "sigmoid": OutputActivation(sigmoid, lambda a, v: a * (1 - a) * v, lambda a, da, v: (1 - 2 * a) * da * v),
    "identity": OutputActivation(lambda z: z, lambda a, v: v, lambda a, da, v: np.zeros_like(a)),
}


def _activated_mse(output: OutputActivation) -> ScoreLoss:
    """mse of the output activations a(z): sum of (a - t)^2 / 2."""

    def value_and_slope(z: Array, labels: Array, weight: Array | None) -> tuple[Array, Array]:
        a = output.forward(z)
        error = a - one_hot(labels, z.shape[1], z.dtype)
        return _weighted(0.5 * np.square(error).sum(1), output.product(a, error), weight)

    def slope_derivative(z: Array, labels: Array, dz: Array) -> Array:
        a = output.forward(z)
        error = a - one_hot(labels, z.shape[1], z.dtype)
        da = output.product(a, dz)
        return output.product(a, da) + output.product_derivative(a, da, error)

    def gauss_newton(z: Array, labels: Array, dz: Array) -> Array:
        a = output.forward(z)
        return output.product(a, output.product(a, dz))

    return ScoreLoss(value_and_slope, slope_derivative, gauss_newton)


SCORE_LOSSES = {
    ("cross_entropy", "softmax"): ScoreLoss(
        _softmax_cross_entropy, _softmax_cross_entropy_derivative, _softmax_cross_entropy_derivative
    ),
    ("cross_entropy", "sigmoid"): ScoreLoss(
        _sigmoid_cross_entropy, _sigmoid_cross_entropy_derivative, _sigmoid_cross_entropy_derivative
    ),
    **{("mse", name): _activated_mse(output) for name, output in OUTPUT_ACTIVATIONS.items()},
}
