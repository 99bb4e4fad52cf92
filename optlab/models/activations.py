"""Activations of hidden layers, each with its first and second derivative.

The derivatives take the score z and the activation a = f(z), whichever they need. Constants are PyTorch's.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.models.margin_losses import sigmoid


class Activation(NamedTuple):
    """An elementwise function of scores of any shape."""

    forward: Callable[[Array], Array]
    derivative: Callable[[Array, Array], Array]
    second_derivative: Callable[[Array, Array], Array]
    steepest: float = 1.0
    """The largest derivative."""


LEAK = 0.01

SATURATED = 0.05
"""A unit whose derivative is below this share of the largest hardly learns: it is saturated."""


def _nothing(z: Array, a: Array) -> Array:
    return np.zeros_like(z)


def _relu_derivative(z: Array, a: Array) -> Array:
    return (z > 0).astype(z.dtype)  # 0 at 0, as PyTorch has it


def _leaky_relu_derivative(z: Array, a: Array) -> Array:
    return (z > 0) * z.dtype.type(1 - LEAK) + z.dtype.type(LEAK)


def _elu(z: Array) -> Array:
    """z above 0, exp(z) - 1 below."""
    return np.where(z > 0, z, np.expm1(np.minimum(z, 0)))


def _normal_density(z: Array) -> Array:
    return np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)


def _normal_distribution(z: Array) -> Array:
    from scipy.special import ndtr

    return ndtr(z)


def _gelu_second_derivative(z: Array, a: Array) -> Array:
    """(2 - z^2) times the normal density, which is 0 beyond 40, long before z^2 overflows."""
    z = np.clip(z, -40, 40)
    return (2 - z * z) * _normal_density(z)


ACTIVATIONS = {
    "sigmoid": Activation(sigmoid, lambda z, a: a * (1 - a), lambda z, a: a * (1 - a) * (1 - 2 * a), 0.25),
    "tanh": Activation(np.tanh, lambda z, a: 1 - a**2, lambda z, a: -2 * a * (1 - a**2)),
    "relu": Activation(lambda z: np.maximum(z, 0), _relu_derivative, _nothing),
    "leaky_relu": Activation(lambda z: np.maximum(z, LEAK * z), _leaky_relu_derivative, _nothing),
    "elu": Activation(_elu, lambda z, a: np.minimum(a, 0) + 1, lambda z, a: (z <= 0) * (a + 1)),
    "gelu": Activation(
        lambda z: z * _normal_distribution(z),
        lambda z, a: _normal_distribution(z) + z * _normal_density(z),
        _gelu_second_derivative,
        1.1289,  # at sqrt(2)
    ),
    "softplus": Activation(
        lambda z: np.logaddexp(z, z.dtype.type(0)),
        lambda z, a: sigmoid(z),
        lambda z, a: sigmoid(z) * sigmoid(-z),
    ),
    "identity": Activation(lambda z: z, lambda z, a: np.ones_like(z), _nothing),
    "step": Activation(lambda z: (z > 0).astype(z.dtype), _nothing, _nothing),
}
