"""The sides of a layer, its rows (0) and its columns (1): what multiplies it from the left, from the right.

A vector has one side, that of its rows. Matrices that belong to sides stand in a list in the order of the
sides, each (R, n, n), or as a diagonal (R, n, 1), for a side of n rows or columns.
"""

from collections.abc import Sequence

import numpy as np

from optlab.core.arrays import Array, row_norm
from optlab.models.layers import Layer

Side = tuple[Layer, int]


def sides_of(layers: Sequence[Layer], longest: int | None = None) -> list[Side]:
    """The sides of layers, those left out that have more than `longest` rows or columns."""
    return [
        (layer, axis)
        for layer in layers
        for axis, n in enumerate(layer.shape)
        if longest is None or n <= longest
    ]


def facing(x: Array, side: Side) -> Array:
    """A view (R, n, .) of the side's layer in x (R, P), the n rows or columns of the side first."""
    layer, axis = side
    return layer.columns(x).swapaxes(1, 2) if axis else layer.columns(x)


def scatter(x: Array, side: Side, full: bool = True) -> Array:
    """X X^T of rows, X^T X of columns, for the side's layer X in x (R, P); or its diagonal."""
    rows = facing(x, side)
    return rows @ rows.swapaxes(1, 2) if full else (rows**2).sum(2, keepdims=True)


def multiply(x: Array, sides: list[Side], factors: list[Array]) -> Array:
    """x (R, P) with the layers in it multiplied at their sides by matrices or diagonals: L X R^T."""
    product = x.copy()
    for side, factor in zip(sides, factors, strict=True):
        layer, axis = side
        matrices = layer.columns(product)
        if factor.shape[1] != factor.shape[2]:
            facing(product, side)[...] *= factor
        else:
            matrices[...] = matrices @ factor.swapaxes(1, 2) if axis else factor @ matrices
    return product


def rotate(x: Array, sides: list[Side], bases: list[Array]) -> Array:
    """x (R, P) with the layers in it in the coordinates of orthonormal bases: Q_L^T X Q_R.

    What is rounding alone, beside the layer's norm, becomes 0: a rule may divide it by its own size.
    """
    rotated = multiply(x, sides, [basis.swapaxes(1, 2) for basis in bases])
    for layer in {layer for layer, _ in sides}:
        numbers = rotated[:, layer.place]
        rounding = 10 * max(layer.shape) * np.finfo(x.dtype).eps * row_norm(numbers)
        numbers *= np.abs(numbers) >= rounding
    return rotated


def reorder(x: Array, sides: list[Side], orders: list[Array]) -> Array:
    """x (R, P) with the rows or columns of its layers in these orders (R, n)."""
    moved = x.copy()
    for side, order in zip(sides, orders, strict=True):
        rows = facing(moved, side)
        rows[...] = np.take_along_axis(rows, order[:, :, None], 1)
    return moved
