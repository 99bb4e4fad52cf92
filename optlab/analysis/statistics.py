"""Intervals and an exact test for a handful of repetitions."""

from functools import cache
from math import comb, erfc
from typing import Any

import numpy as np
import pandas as pd

from optlab.core.arrays import Array

RESAMPLES = 1000
FEW = 5  # values, whose range covers the median with less than 95 %
LEVEL = 0.05  # of all comparisons together


def median_interval(values: Array, share: float = 0.95) -> Array:
    """(2, ...) interval of the median along the first axis; NaN with fewer than two values.

    Its ends lie between order statistics, weighted so that the interval covers the median of any continuous
    distribution with a probability close to `share`, from six values on. A bootstrap interval of the median
    has order statistics as its ends too, but can only jump from one to the next: of seven values it covers
    87 %. Up to five values the interval is their range, which covers 1 - 2^(1 - n): 94 % of five, 75 % of
    three.

    Reference: Hettmansperger and Sheather, Confidence intervals based on interpolated order statistics,
    Statistics and Probability Letters 4, 1986.
    """
    n = len(values)
    if n < 2:
        return np.full((2, *np.shape(values)[1:]), np.nan)
    depth, weight = _order_statistics(n, share)
    ordered = np.sort(values, axis=0)
    low, high = ordered[depth - 1], ordered[n - depth]
    if weight:  # without it, an infinite neighbour would count as 0 · ∞
        low = (1 - weight) * low + weight * ordered[depth]
        high = (1 - weight) * high + weight * ordered[n - depth - 1]
    return np.stack([low, high])


def band(values: Array) -> Array:
    """(2, ...) what is drawn around a median: its interval, and for a single value that value twice."""
    return median_interval(values) if len(values) > 1 else np.stack([*values, *values])


def bands(groups: Any) -> pd.DataFrame:
    """``low high``, the band of the values known of every group of a grouped column."""
    values = groups.obj.to_numpy(float)
    parts = {name: values[rows][~np.isnan(values[rows])] for name, rows in groups.indices.items()}
    ends = [band(part) if len(part) else (np.nan, np.nan) for part in parts.values()]
    index = pd.MultiIndex.from_tuples(parts, names=groups.keys) if parts else groups.size().index
    return pd.DataFrame(ends, index, columns=["low", "high"], dtype=float)


@cache
def _order_statistics(n: int, share: float) -> tuple[int, float]:
    """Depth d of the ends among n sorted values, and how far they lie on the way to depth d + 1."""

    def covered(depth: int) -> float:
        return 1 - 2 * sum(comb(n, k) for k in range(depth)) / 2**n

    depth = 1
    while 2 * (depth + 1) <= n and covered(depth + 1) >= share:
        depth += 1
    if covered(depth) <= share:
        return depth, 0.0
    surplus = (covered(depth) - share) / (covered(depth) - covered(depth + 1))
    return depth, (n - depth) * surplus / (depth + (n - 2 * depth) * surplus)


@cache
def draws(n: int) -> Array:
    """(RESAMPLES, n) which of n repetitions each bootstrap sample holds.

    They are the same for all optimizers: what was run on common seeds is drawn in pairs.
    """
    return np.random.default_rng(0).integers(0, n, (RESAMPLES, n))


@cache
def multiplicities(n: int) -> Array:
    """(RESAMPLES, n) how often each of n repetitions is in each bootstrap sample."""
    return (draws(n)[:, :, None] == np.arange(n)).sum(axis=1).astype(float)


def percentiles(resampled: Array, share: float = 0.95) -> Array:
    """(2, ...) bootstrap interval of a statistic whose resampled values lie along the first axis."""
    tail = (1 - share) / 2
    return np.quantile(resampled, [tail, 1 - tail], axis=0, method="nearest")


def signed_rank_p(differences: Array) -> float:
    """Two-sided p value of Wilcoxon's signed-rank test: exact, ties too; above 100 differences, normal.

    Zeros are left out. Under the hypothesis every rank is positive with probability 1/2, so that the
    distribution of the sum of positive ranks is built up rank by rank.

    Reference: Wilcoxon, Individual comparisons by ranking methods, 1945. (SciPy has it too, but importing
    `scipy.stats` takes as long as a whole report's statistics.)
    """
    differences = differences[differences != 0]
    ranks = (2 * _ranks(np.abs(differences))).astype(int)  # twice the ranks: of ties they end in a half
    positive = int(ranks[differences > 0].sum())
    if len(ranks) > 100:
        deviation = abs(positive - ranks.sum() / 2) / np.sqrt(np.square(ranks).sum() / 4)
        return erfc(float(deviation) / np.sqrt(2))
    probability = np.zeros(ranks.sum() + 1)
    probability[0] = 1
    for rank in ranks:
        probability = (probability + np.roll(probability, rank)) / 2  # what is rolled over the end is 0
    return float(min(1, 2 * min(probability[: positive + 1].sum(), probability[positive:].sum())))


def _ranks(values: Array) -> Array:
    """Ranks 1 to n; ties share their mean."""
    return pd.Series(values).rank().to_numpy()
