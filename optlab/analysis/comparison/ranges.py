"""The multiple range test: which of several methods, in the order of their means, are shown to differ.

The distance of two means is compared with what the extremes of as many equal methods as lie in that range
would have by chance: a range of p of K methods is tested at the level α_p = 1 - (1 - α)^(p / K), at α if
p >= K - 1. A difference counts as shown only if every wider range is shown, too. So the error of all
statements together is at most α, whichever of the methods are equal, and methods that are not shown to differ
are neighbours in rank.

Two guards serve where variances are unequal, or few seeds make a small one look certain: the standard error
of a pair is the larger of the pooled and its own, and the difference must also be beyond Welch's t of the two
methods alone, at 5 % between neighbours and 3 % in wider ranges.

Reference: Welsch, Stepwise Multiple Comparison Procedures, Journal of the American Statistical Association
72, 1977 (Ryan, Einot, Gabriel, Welsch: REGWQ).
"""

import numpy as np

from optlab.analysis.comparison.spread import Spread
from optlab.analysis.comparison.studentized_range import critical, tail
from optlab.analysis.statistics import LEVEL
from optlab.core.arrays import Array

GUARD, GUARD_WIDE = 0.05, 0.03  # of Welch's t: between neighbours, and in wider ranges
LEAST = 3  # seeds that can show anything


def half_widths(spread: Spread, random: Array) -> Array:
    """(..., K, K) what the mean difference of a pair must exceed to be shown: half its interval.

    It is 0 where neither method varies, and infinite with fewer than three seeds.

    Args:
        spread: of methods in the order of their ranks.
        random: (..., K) whether a method varies with the seed.
    """
    from scipy.special import stdtrit

    size, total = sizes(random)
    factor = np.zeros(size.shape)
    df = np.broadcast_to(spread.df[..., None, None], size.shape)
    total = np.broadcast_to(total[..., None, None], size.shape)
    for k, of, f in np.unique(np.stack([size, total, df]).reshape(3, -1), axis=1).T:
        if k > 1:
            factor[(size == k) & (total == of) & (df == f)] = critical(
                int(k), float(f), _level(int(k), int(of))
            ) / np.sqrt(2)
    beyond = stdtrit(spread.guard_df, 1 - _guard_level(size) / 2) * spread.guard
    width = np.maximum(factor * spread.error, beyond)
    constant = ~random[..., :, None] & ~random[..., None, :]
    return np.where(constant, 0.0, np.where(spread.seeds < LEAST, np.inf, width))


def p_values(spread: Spread, random: Array) -> Array:
    """(K, K) p of each pair by itself, adjusted for its range; NaN with fewer than three seeds.

    At most 5 % if and only if the mean difference exceeds the half width.
    """
    from scipy.special import stdtr

    size, total = sizes(random)
    with np.errstate(divide="ignore", invalid="ignore"):
        t, guarded = np.abs(spread.mean) / spread.error, np.abs(spread.mean) / spread.guard
    p = np.ones(size.shape)
    for k in range(2, int(total) + 1):
        own = size == k
        p[own] = tail(np.sqrt(2) * np.nan_to_num(t[own], nan=0.0, posinf=np.inf), k, float(spread.df))
        if k < total - 1:
            p[own] = 1 - (1 - p[own]) ** (total / k)
    p = np.maximum(p, 2 * stdtr(spread.guard_df, -np.nan_to_num(guarded)) * LEVEL / _guard_level(size))
    constant = ~random[:, None] & ~random[None, :]
    p = np.where(constant, (spread.mean == 0).astype(float), np.where(spread.seeds < LEAST, np.nan, p))
    return np.minimum(p, 1.0)


def nested(shown: Array) -> Array:
    """(..., K, K) what of `shown` is shown in every wider range, too."""
    consistent = np.triu(shown, 1)
    k = consistent.shape[-1]
    for i in range(k):
        for j in range(k - 1, i, -1):
            if i > 0:
                consistent[..., i, j] &= consistent[..., i - 1, j]
            if j < k - 1:
                consistent[..., i, j] &= consistent[..., i, j + 1]
    return consistent


def nested_p(p: Array) -> Array:
    """(K, K) the largest p of every range and of those that hold it."""
    widest = np.maximum.accumulate(p, axis=0)
    return np.triu(np.maximum.accumulate(widest[:, ::-1], axis=1)[:, ::-1], 1)


def sizes(random: Array) -> tuple[Array, Array]:
    """(..., K, K) and (...) how many methods lie in a range, and are there in all.

    Methods that do not vary count as one: two of them differ or not, but never by chance.
    """
    varying, constant = np.cumsum(random, axis=-1), np.cumsum(~random, axis=-1)
    within = varying[..., None, :] - varying[..., :, None] + random[..., :, None]
    fixed = constant[..., None, :] - constant[..., :, None] + ~random[..., :, None]
    return np.triu(within + (fixed > 0)), random.sum(axis=-1) + (~random).any(axis=-1)


def _level(size: int, total: int) -> float:
    return LEVEL if size >= total - 1 else 1 - (1 - LEVEL) ** (size / total)


def _guard_level(size: Array) -> Array:
    return np.where(size > 2, GUARD_WIDE, GUARD)
