"""How much the difference between two methods varies from seed to seed, and so how well its mean is known.

Values x_ij of method j on seed i are split into a seed's effect, a method's mean and a residual:

    r_ij = x_ij - x̄_i. - x̄_.j + x̄..        s² = Σ r_ij² / ((m - 1)(n - 1))

of the m methods that vary at all. The seed's effect, which is common to all, cancels in a difference. s² is
the variance of one method's residual if all are equally noisy; as they seldom are, two more are looked at:
the variance of the pair's own differences, and that of each method (Grubbs),

    s_j² = m / (m - 2) (Σ_i r_ij² / (n - 1) - s² / m)

Reference: Grubbs, On Estimating Precision of Measuring Instruments and Product Variability, Journal of the
American Statistical Association 43, 1948. Welch, The Generalization of `Student's' Problem when Several
Different Population Variances are Involved, Biometrika 34, 1947.
"""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array

ROUNDING = 1e-9  # a difference of logarithms (a relative one of values), or of shares, that is none


class Spread(NamedTuple):
    """Of every pair (a, b) of K methods, the differences b - a on the seeds where both are finite."""

    differences: Array  # (..., n, K, K); 0 where one is not finite
    common: Array  # (..., n, K, K) whether both are finite
    mean: Array  # (..., K, K)
    seeds: Array  # (..., K, K)
    error: Array  # (..., K, K) standard error of the mean: the larger of the pooled and the pair's own
    df: Array  # (...) degrees of freedom of the pooled variance
    guard: Array  # (..., K, K) standard error from the variances of the two methods
    guard_df: Array  # (..., K, K), Welch's
    deviation: Array  # (...) pooled standard deviation s of one method


def spread(values: Array, random: Array) -> Spread:
    """Means of differences, with their standard errors.

    Args:
        values: (..., n, K) of K methods on n seeds; ∞ where a run diverged.
        random: (..., K) whether a method varies with the seed. The others, and those with a diverged run,
            do not enter the pooled variance.
    """
    n = values.shape[-2]
    finite = np.isfinite(values)
    x = np.where(finite, values, 0.0)
    common = finite[..., :, None] & finite[..., None, :]
    differences = np.where(common, x[..., None, :] - x[..., :, None], 0.0)
    differences[np.abs(differences) <= ROUNDING] = 0.0
    seeds = common.sum(axis=-3)
    mean = differences.sum(axis=-3) / np.maximum(seeds, 1)
    squares = np.square(np.where(common, differences - mean[..., None, :, :], 0.0)).sum(axis=-3)
    own = squares / np.maximum(seeds - 1, 1)

    pooled = random & finite.all(axis=-2)
    m = pooled.sum(axis=-1)
    residual = np.where(pooled[..., None, :], x, 0.0)
    residual -= residual.sum(axis=-1, keepdims=True) / np.maximum(m, 1)[..., None, None]
    residual = np.where(pooled[..., None, :], residual - residual.mean(axis=-2, keepdims=True), 0.0)
    scatter = np.square(residual).sum(axis=-2) / max(n - 1, 1)  # (..., K)
    variance = np.where(m > 1, scatter.sum(axis=-1) / np.maximum(m - 1, 1), 0.0)

    each = (scatter - (variance / np.maximum(m, 1))[..., None]) * (m / np.maximum(m - 2, 1))[..., None]
    each = np.maximum(each, 0.0)
    both = pooled[..., :, None] & pooled[..., None, :] & (m > 2)[..., None, None]
    guard = np.where(both, each[..., :, None] + each[..., None, :], own)
    fourth = np.square(each)[..., :, None] + np.square(each)[..., None, :]
    with np.errstate(invalid="ignore", divide="ignore"):
        welch = np.clip((n - 1) * np.square(guard) / fourth, n - 1, 2 * (n - 1))
    guard_df = np.where(both & (fourth > 0), welch, np.maximum(seeds - 1, 1))

    varying = random[..., :, None].astype(float) + random[..., None, :]
    at_least = np.maximum(varying * variance[..., None, None], own)
    return Spread(
        differences,
        common,
        mean,
        seeds,
        np.sqrt(at_least / np.maximum(seeds, 1)),
        np.where(m > 1, (m - 1) * (n - 1), max(n - 1, 1)),
        np.sqrt(guard / np.maximum(seeds, 1)),
        guard_df,
        np.sqrt(variance),
    )
