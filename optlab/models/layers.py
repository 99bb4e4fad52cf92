"""Layers: the arrays of weights and biases that a flat vector of parameters consists of."""

from collections.abc import Iterable
from itertools import pairwise
from math import prod
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np

from optlab.core.arrays import Array, row_norm
from optlab.models.model import Model


class Layer(NamedTuple):
    """The weights of a layer, or its biases: one stretch of the parameters (P,)."""

    name: str  # W1, b1, W2, ...
    start: int  # where it begins among the parameters
    shape: tuple[int, ...]  # (in, out) of a matrix, (n,) of a vector
    is_weight: bool  # whether penalties act on it; not on biases

    @property
    def size(self) -> int:
        """Number of its parameters."""
        return prod(self.shape)

    @property
    def is_matrix(self) -> bool:
        """Whether it has rows and columns."""
        return len(self.shape) == 2

    @property
    def place(self) -> slice:
        """Where its parameters stand among all."""
        return slice(self.start, self.start + self.size)

    def view(self, w: Array) -> Array:
        """A view (R, *shape) of parameters w (R, P), or of what else lies as they do."""
        return w[:, self.place].reshape(len(w), *self.shape)

    def columns(self, w: Array) -> Array:
        """The same as matrices: a vector as a single column (R, n, 1)."""
        return w[:, self.place].reshape(len(w), self.shape[0], -1)


@runtime_checkable
class Layered(Model, Protocol):
    """A model that says which layers its parameters make, in their order, without gaps."""

    layers: tuple[Layer, ...]


def layers_of(model: Model) -> tuple[Layer, ...]:
    """The layers of a model; of one that does not say, its stretches of weights and of biases."""
    if isinstance(model, Layered):
        return model.layers
    mask = model.penalty_mask
    starts = [0, *(np.flatnonzero(np.diff(mask)) + 1).tolist(), len(mask)]
    return tuple(
        Layer(f"{'w' if mask[a] else 'b'}{a}", a, (b - a,), bool(mask[a])) for a, b in pairwise(starts)
    )


def places(layers: Iterable[Layer]) -> Array:
    """Where the parameters of some layers stand among all (k,)."""
    return np.concatenate(
        [np.empty(0, int), *(np.arange(layer.start, layer.start + layer.size) for layer in layers)]
    )


def norms(layers: Iterable[Layer], w: Array) -> Array:
    """Euclidean norms (R, K) of the K layers of parameters w (R, P), or of what else lies as they do."""
    return np.concatenate([row_norm(w[:, layer.place]) for layer in layers], axis=1)


def spread(layers: Iterable[Layer], numbers: Array) -> Array:
    """Numbers (R, K) of the layers at every parameter of theirs (R, P)."""
    return np.repeat(numbers, [layer.size for layer in layers], axis=1)


def has_matrix(model: Model) -> bool:
    """Whether a layer has several rows and several columns: else it is a vector."""
    return any(layer.is_matrix and min(layer.shape) > 1 for layer in layers_of(model))
