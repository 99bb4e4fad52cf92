"""Eigenvalues of a Hessian, and the directions that they belong to."""

from typing import Literal

import numpy as np

from optlab.core.arrays import Array
from optlab.core.errors import UserError

Spectrum = list[float] | Literal["log", "deep"]


def eigenvalues(
    spectrum: Spectrum, dimension: int, condition_number: float, rng: np.random.RandomState
) -> Array:
    """As many eigenvalues (d,) as parameters: those given, or drawn in a form.

    ``log``: condition_number^(-k / (d - 1)), k = 0 ... d - 1, of which the largest is 1. ``deep``: nine
    tenths are uniform between 0 and 1, the others between 30 and 60, much as in deep networks (Sagun, Bottou
    and LeCun, Eigenvalues of the Hessian in Deep Learning: Singularity and Beyond, 2016).

    Raises:
        UserError: an eigenvalue is negative, or there are more or fewer than parameters.
    """
    if spectrum == "log":
        return np.geomspace(1, 1 / condition_number, dimension)
    if spectrum == "deep":
        small = round(0.9 * dimension)
        return np.concatenate([rng.uniform(0, 1, small), rng.uniform(30, 60, dimension - small)])
    values = np.array(spectrum, float)
    if len(values) != dimension:
        raise UserError(
            f"model.spectrum: {len(values)} eigenvalues for {dimension} parameters; give one for each, or "
            f"set dataset.dimension={len(values)}"
        )
    if (values < 0).any():
        raise UserError(
            f"model.spectrum: the eigenvalue {values.min():g} is negative, so that the cost is unbounded "
            "from below; give numbers from 0 on"
        )
    return values


def rotation(dimension: int, rng: np.random.RandomState) -> Array:
    """An orthogonal matrix (d, d), uniform among all, built up dimension by dimension.

    Reference: Diaconis and Shahshahani, The subgroup algorithm for generating uniform random variables,
    1987. In the numbers that it draws and their order it is DeepOBS's, so that its Hessian comes out.
    """
    if dimension == 1:
        return np.ones((1, 1))
    angle = 2 * np.pi * rng.uniform()
    matrix = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    for d in range(2, dimension):
        v = rng.normal(size=d + 1)
        x = np.eye(1, d + 1)[0] - v / np.linalg.norm(v)
        x /= np.linalg.norm(x)
        larger = np.eye(d + 1)
        larger[1:, 1:] = matrix
        matrix = larger - 2 * np.outer(x, x @ larger)
    return -matrix
