"""Intervals and an exact test for a handful of repetitions."""

from functools import cache
from math import comb, erfc
from typing import Any

import numpy as np
import pandas as pd

from optlab.core.arrays import Array
from optlab.core.streams import Purpose, stream

RESAMPLES = 1000
FEW = 5  # values, of which no interval covers the median with 95 %
LEVEL = 0.05  # of all comparisons together


def median_interval(values: Array, share: float = 0.95) -> Array:
    """(2, ...) interval of the median along the first axis; NaN with fewer than six values.

    Its ends are the d-th value from below and from above. It covers the median of any continuous
    distribution with the probability that at least d values lie on either side, 1 - 2 P(B < d) of a binomial
    B with n trials and odds 1/2 (see `attained_level`); d is the largest for which this is at least `share`.

    Reference: David and Nagaraja, Order Statistics, 2003, section 7.1.
    """
    n = len(values)
    if (depth := _depth(n, share)) == 0:
        return np.full((2, *np.shape(values)[1:]), np.nan)
    ordered = np.sort(values, axis=0)
    return np.stack([ordered[depth - 1], ordered[n - depth]])


def attained_level(n: int, share: float = 0.95) -> float:
    """The probability with which the interval of n values covers the median, at least `share`; else NaN."""
    depth = _depth(n, share)
    return _covered(n, depth) if depth else np.nan


def bands(groups: Any) -> pd.DataFrame:
    """``low high level``: the interval of the median of the known values of every group of a column."""
    values = groups.obj.to_numpy(float)
    parts = {name: values[rows][~np.isnan(values[rows])] for name, rows in groups.indices.items()}
    rows = [(*median_interval(part), attained_level(len(part))) for part in parts.values()]
    index = pd.MultiIndex.from_tuples(parts, names=groups.keys) if parts else groups.size().index
    return pd.DataFrame(rows, index, columns=["low", "high", "level"], dtype=float)


def _covered(n: int, depth: int) -> float:
    return 1 - 2 * sum(comb(n, k) for k in range(depth)) / 2**n


@cache
def _depth(n: int, share: float) -> int:
    """The number d of the value at either end; 0 if even the extremes cover the median too seldom."""
    return max((depth for depth in range(1, n // 2 + 1) if _covered(n, depth) >= share), default=0)


@cache
def draws(n: int) -> Array:
    """(RESAMPLES, n) which of n repetitions each bootstrap sample holds.

    They are the same for all optimizers: what was run on common seeds is drawn in pairs.
    """
    return stream(Purpose.BOOTSTRAP).integers(0, n, (RESAMPLES, n))


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
