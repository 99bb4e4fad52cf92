"""Intervals, paired tests and effect sizes for a handful of repetitions."""

import numpy as np

from optlab.arrays import Array

RESAMPLES = 2000
LEVEL = 0.05  # of all comparisons of a problem together


def median_interval(values: Array, share: float = 0.95) -> tuple[float, float]:
    """Bootstrap interval of the median (percentile method); NaN with fewer than two values.

    With few values it cannot hold its promise: below six, no interval between values covers 95 %.
    """
    if len(values) < 2:
        return np.nan, np.nan
    draws = np.random.default_rng(0).integers(0, len(values), (RESAMPLES, len(values)))
    medians = np.median(values[draws], axis=1)
    low, high = np.quantile(medians, [(1 - share) / 2, (1 + share) / 2], method="nearest")
    return float(low), float(high)


def paired_test(differences: Array, comparisons: int = 1) -> tuple[float, str]:
    """Two-sided p value that paired differences are centred at zero, and the test that gave it.

    Wilcoxon's signed-rank test wherever it could find anything: with n differences its least p value is
    2 / 2^n, which must be below the level divided by the number of comparisons. With fewer differences,
    the paired t test, which supposes that differences are about normal. Differences that are all the same
    need no test: nothing is random there.
    """
    from scipy import stats

    n = len(differences)
    if n < 2:
        return np.nan, "one seed"
    if _constant(differences):
        return (1.0 if differences[0] == 0 else 0.0), "the same on every seed"
    finite = np.isfinite(differences)
    if 2.0 ** (1 - n) <= LEVEL / comparisons or not finite.all():
        # A diverged run (an infinite difference) has the highest rank.
        beyond = 2 * np.abs(differences[finite]).max(initial=1.0)
        ranked = np.where(finite, differences, np.sign(differences) * beyond)
        return float(stats.wilcoxon(ranked).pvalue), "Wilcoxon"
    return float(stats.ttest_1samp(differences, 0.0).pvalue), "paired t"


def _constant(values: Array) -> bool:
    """Whether all values are the same, but for rounding."""
    if not np.isfinite(values).all():
        return bool((values == values[0]).all())
    return bool(np.ptp(values) <= 1e-12 * np.abs(values).max())


def holm(p: Array) -> Array:
    """p values adjusted for their number by Holm's method; NaN stays NaN and is not counted."""
    adjusted = np.full(len(p), np.nan)
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    steps = p[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0) if len(order) else steps
    return adjusted


def rank_biserial(differences: Array) -> float:
    """Effect size of paired differences in [-1, 1]: -1 if all are negative, 0 if balanced (Kerby 2014)."""
    from scipy.stats import rankdata

    differences = differences[differences != 0]
    if not len(differences):
        return 0.0
    ranks = rankdata(np.abs(differences))
    return float((ranks * np.sign(differences)).sum() / ranks.sum())
