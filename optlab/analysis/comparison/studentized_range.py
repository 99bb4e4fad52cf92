"""The studentized range: how far apart the means of k equal methods come to lie by chance.

Of k standard normal values the range W is the largest minus the smallest; it is divided by an independent
estimate s of their standard deviation with f degrees of freedom:

    P(W > w)     = 1 - k ∫ φ(z) [Φ(z) - Φ(z - w)]^(k-1) dz
    P(W / s > q) = ∫ P(W > q s) g(s) ds,    f s² distributed as χ² with f degrees of freedom

`scipy.stats.studentized_range` has the same to more digits, but takes seconds for the pairs of one report.

Reference: Tukey, The Problem of Multiple Comparisons, 1953; Lund and Lund, Algorithm AS 190, Applied
Statistics 32, 1983.
"""

from functools import cache
from math import lgamma

import numpy as np

from optlab.core.arrays import Array

STEP = 0.2  # of the sum over z, which converges at the rate of the trapezoidal rule for smooth functions
NODES = 64  # of the integral over s
CHUNK = 512  # quantiles at a time, so that their nodes fit in memory
LARGEST = 1e4  # a critical value beyond it is not looked for


def tail(q: Array, k: int, df: float) -> Array:
    """P(W / s > q) of k methods and `df` degrees of freedom; `df` may be infinite."""
    from scipy.special import ndtr

    q = np.asarray(q, float)
    flat = np.clip(q.ravel(), 0, LARGEST)
    scale, weight = _deviations(df)
    z = np.arange(-8, 8 + STEP, STEP)
    density = STEP * np.exp(-np.square(z) / 2) / np.sqrt(2 * np.pi)
    probability = np.empty_like(flat)
    for start in range(0, len(flat), CHUNK):
        width = flat[start : start + CHUNK, None, None] * scale[:, None]
        inside = (k * (ndtr(z) - ndtr(z - width)) ** (k - 1) * density).sum(axis=-1)
        probability[start : start + CHUNK] = ((1 - inside) * weight).sum(axis=-1)
    return np.clip(probability, 0, 1).reshape(q.shape)


@cache
def critical(k: int, df: float, level: float) -> float:
    """The q with P(W / s > q) = `level`."""
    low, high = 1e-3, LARGEST
    for _ in range(4):
        grid = np.geomspace(low, high, 24)
        beyond = int(np.clip(np.searchsorted(-tail(grid, k, df), -level), 1, len(grid) - 1))
        low, high = grid[beyond - 1], grid[beyond]
    return float((low + high) / 2)


@cache
def _deviations(df: float) -> tuple[Array, Array]:
    """Values of s and their probabilities."""
    if not np.isfinite(df):
        return np.ones(1), np.ones(1)
    from scipy.special import chdtri

    low, high = (np.log(chdtri(df, p) / df) / 2 for p in (1 - 1e-13, 1e-13))
    nodes, step = np.polynomial.legendre.leggauss(NODES)
    s = (high + low) / 2 + (high - low) / 2 * nodes  # logarithms
    density = np.log(2) + df / 2 * np.log(df / 2) - lgamma(df / 2) + df * s - df * np.exp(2 * s) / 2
    return np.exp(s), np.exp(density) * step * (high - low) / 2
