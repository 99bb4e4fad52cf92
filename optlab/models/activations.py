"""Activations of hidden layers, each with its first and second derivative.

The derivatives take the score z and the activation a = f(z), whichever they need.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from optlab.arrays import Array
from optlab.models.losses import sigmoid


class Activation(NamedTuple):
    """An elementwise function of scores of any shape."""

    forward: Callable[[Array], Array]
    derivative: Callable[[Array, Array], Array]
    second_derivative: Callable[[Array, Array], Array]


def _relu_derivative(z: Array, a: Array) -> Array:
    return (z > 0).astype(z.dtype)  # 0 at 0, as PyTorch has it


ACTIVATIONS = {
    "sigmoid": Activation(sigmoid, lambda z, a: a * (1 - a), lambda z, a: a * (1 - a) * (1 - 2 * a)),
    "tanh": Activation(np.tanh, lambda z, a: 1 - a**2, lambda z, a: -2 * a * (1 - a**2)),
    "relu": Activation(lambda z: np.maximum(z, 0), _relu_derivative, lambda z, a: np.zeros_like(z)),
    "identity": Activation(lambda z: z, lambda z, a: np.ones_like(z), lambda z, a: np.zeros_like(z)),
}
