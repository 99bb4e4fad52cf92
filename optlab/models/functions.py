"""The formulas that optimizers are drawn on: values and derivatives at points x (..., d).

    rosenbrock   sum of (1 - x_k)^2 + 100 (x_{k+1} - x_k^2)^2
    beale        (3/2 - x + x y)^2 + (9/4 - x + x y^2)^2 + (21/8 - x + x y^3)^2
    branin       (y - 5.1/(4 pi^2) x^2 + 5/pi x - 6)^2 + 10 (1 - 1/(8 pi)) cos x + 10
    rastrigin    10 d + sum of x_k^2 - 10 cos(2 pi x_k)
    saddle       x^2 / 2 + (y^2 - 1)^2 / 4, a saddle at 0 between two minima

References: Rosenbrock, An Automatic Method for Finding the Greatest or Least Value of a Function, 1960;
Beale, On an Iterative Method for Finding a Local Minimum of a Function of More than One Variable, 1958;
Branin, Widely Convergent Method for Finding Multiple Solutions of Simultaneous Nonlinear Equations, 1972;
Rastrigin, Systems of Extremal Control, 1974.
"""

from collections.abc import Callable
from math import pi
from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array


class Formula(NamedTuple):
    """A function of d numbers, each of its parts for points x (..., d)."""

    value: Callable[[Array], Array]  # (...)
    gradient: Callable[[Array], Array]  # (..., d)
    hessian: Callable[[Array], Array]  # (..., d, d)
    gauss_newton: Callable[[Array], Array]
    """(..., d, d) the part of the Hessian that is never indefinite: of squares alone, their slopes'."""
    minima: Callable[[int], Array]
    """d -> where the function is least (k, d)."""
    dimensions: tuple[int, int | None]  # the least and the largest d; None: any


def _squares(
    residuals: Array, slopes: Array, bends: Array, factor: float = 1.0
) -> tuple[Array, Array, Array]:
    """Gradient, Hessian and Gauss-Newton part of factor * sum of residual_k^2.

    Args:
        residuals, slopes, bends: (..., k), their derivatives (..., k, d) and second ones (..., k, d, d).
    """
    gradient = 2 * factor * np.einsum("...k,...kd->...d", residuals, slopes)
    outer = 2 * factor * np.einsum("...kd,...ke->...de", slopes, slopes)
    return gradient, outer + 2 * factor * np.einsum("...k,...kde->...de", residuals, bends), outer


def _rosenbrock_parts(x: Array) -> tuple[Array, Array, Array, Array]:
    """Residuals (..., 2 (d - 1)), their slopes, bends, and squares."""
    d, rows = x.shape[-1], np.arange(x.shape[-1] - 1)
    residuals = np.concatenate([1 - x[..., :-1], 10 * (x[..., 1:] - x[..., :-1] ** 2)], axis=-1)
    slopes = np.zeros((*residuals.shape, d), x.dtype)
    slopes[..., rows, rows] = -1
    slopes[..., rows + d - 1, rows] = -20 * x[..., :-1]
    slopes[..., rows + d - 1, rows + 1] = 10
    bends = np.zeros((*slopes.shape, d), x.dtype)
    bends[..., rows + d - 1, rows, rows] = -20
    return residuals, slopes, bends, (residuals**2).sum(-1)


def _beale_parts(point: Array) -> tuple[Array, Array, Array, Array]:
    x, y = point[..., 0, None], point[..., 1, None]
    power = np.arange(1, 4)
    residuals = np.array([1.5, 2.25, 2.625], point.dtype) - x + x * y**power
    slopes = np.stack([y**power - 1, x * power * y ** (power - 1)], axis=-1)
    cross = power * y ** (power - 1)
    second = x * power * (power - 1) * y ** np.maximum(power - 2, 0)
    bends = np.stack([np.stack([np.zeros_like(cross), cross], -1), np.stack([cross, second], -1)], -1)
    return residuals, slopes, bends, (residuals**2).sum(-1)


_B, _C, _COS = 5.1 / (4 * pi**2), 5 / pi, 10 * (1 - 1 / (8 * pi))


def _branin_parts(point: Array) -> tuple[Array, Array, Array, Array]:
    """Of its square alone."""
    x, y = point[..., 0], point[..., 1]
    residuals = (y - _B * x**2 + _C * x - 6)[..., None]
    slopes = np.stack([-2 * _B * x + _C, np.ones_like(x)], -1)[..., None, :]
    bends = np.zeros((*slopes.shape, 2), point.dtype)
    bends[..., 0, 0, 0] = -2 * _B
    return residuals, slopes, bends, residuals[..., 0] ** 2


def _saddle_parts(point: Array) -> tuple[Array, Array, Array, Array]:
    """Of half the squares of x and (y^2 - 1) / sqrt(2)."""
    x, y = point[..., 0], point[..., 1]
    root = 0.5**0.5
    residuals = np.stack([x, root * (y**2 - 1)], -1)
    slopes = np.zeros((*residuals.shape, 2), point.dtype)
    slopes[..., 0, 0], slopes[..., 1, 1] = 1, 2 * root * y
    bends = np.zeros((*slopes.shape, 2), point.dtype)
    bends[..., 1, 1, 1] = 2 * root
    return residuals, slopes, bends, 0.5 * (residuals**2).sum(-1)


def _of_squares(
    parts: Callable[[Array], tuple[Array, Array, Array, Array]],
    minima: Callable[[int], Array],
    dimensions: tuple[int, int | None],
    factor: float = 1.0,
) -> Formula:
    return Formula(
        value=lambda x: parts(x)[3],
        gradient=lambda x: _squares(*parts(x)[:3], factor)[0],
        hessian=lambda x: _squares(*parts(x)[:3], factor)[1],
        gauss_newton=lambda x: _squares(*parts(x)[:3], factor)[2],
        minima=minima,
        dimensions=dimensions,
    )


def _first(x: Array, value: Array) -> Array:
    """Zeros as x (..., d), but `value` (...) in the first place."""
    out = np.zeros_like(x)
    out[..., 0] = value
    return out


def _diagonal(entries: Array) -> Array:
    """Matrices (..., d, d) with these diagonals (..., d)."""
    return entries[..., None] * np.eye(entries.shape[-1], dtype=entries.dtype)


_SQUARE = _of_squares(_branin_parts, lambda d: np.empty((0, d)), (2, 2))

FORMULAS = {
    "rosenbrock": _of_squares(_rosenbrock_parts, lambda d: np.ones((1, d)), (2, None)),
    "beale": _of_squares(_beale_parts, lambda d: np.array([[3.0, 0.5]]), (2, 2)),
    "branin": Formula(
        value=lambda x: _SQUARE.value(x) + _COS * np.cos(x[..., 0]) + 10,
        gradient=lambda x: _SQUARE.gradient(x) - _first(x, _COS * np.sin(x[..., 0])),
        hessian=lambda x: _SQUARE.hessian(x) - _diagonal(_first(x, _COS * np.cos(x[..., 0]))),
        gauss_newton=_SQUARE.gauss_newton,
        minima=lambda d: np.array([[-pi, 12.275], [pi, 2.275], [3 * pi, 2.475]]),
        dimensions=(2, 2),
    ),
    "rastrigin": Formula(
        value=lambda x: (x**2 + 10 * (1 - np.cos(2 * pi * x))).sum(-1),
        gradient=lambda x: 2 * x + 20 * pi * np.sin(2 * pi * x),
        hessian=lambda x: _diagonal(2 + 40 * pi**2 * np.cos(2 * pi * x)),
        gauss_newton=lambda x: _diagonal(np.full_like(x, 2)),
        minima=lambda d: np.zeros((1, d)),
        dimensions=(1, None),
    ),
    "saddle": _of_squares(_saddle_parts, lambda d: np.array([[0.0, 1.0], [0.0, -1.0]]), (2, 2), 0.5),
}


def log_sum_exp(dimension: int, terms: int, smoothing: float, seed: int) -> tuple[Formula, float]:
    """smoothing * log sum_i exp((a_i^T x - b_i) / smoothing), least at 0, and a bound of its curvature.

    The numbers of a_i and b_i are drawn from [-1, 1], then the gradient at 0 is taken off every a_i.

    Reference: Nesterov, Smooth minimization of non-smooth functions, 2005.
    """
    rng = np.random.RandomState(seed)
    a, b = rng.uniform(-1, 1, (terms, dimension)), rng.uniform(-1, 1, terms)
    a = a - _shares(-b[None] / smoothing)[0] @ a

    def scores(x: Array) -> Array:
        return (x @ a.T.astype(x.dtype) - b.astype(x.dtype)) / x.dtype.type(smoothing)  # (..., terms)

    def value(x: Array) -> Array:
        z = scores(x)
        most = z.max(-1)
        return smoothing * (most + np.log(np.exp(z - most[..., None]).sum(-1)))

    def hessian(x: Array) -> Array:
        p, rows = _shares(scores(x)), a.astype(x.dtype)
        mean = p @ rows
        spread = np.einsum("...i,id,ie->...de", p, rows, rows) - mean[..., None] * mean[..., None, :]
        return spread / x.dtype.type(smoothing)

    formula = Formula(
        value=value,
        gradient=lambda x: _shares(scores(x)) @ a.astype(x.dtype),
        hessian=hessian,
        gauss_newton=hessian,
        minima=lambda d: np.zeros((1, d)),
        dimensions=(1, None),
    )
    return formula, float((a**2).sum(1).max()) / smoothing


def _shares(z: Array) -> Array:
    """exp(z) / sum exp(z) along the last axis."""
    e = np.exp(z - z.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)
