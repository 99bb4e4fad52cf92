"""The judgement on one problem: the order of the methods, and which differences between them are shown.

Methods are ranked by the mean of their values on the common seeds, and what is tested is the difference of
these means (see `ranges`). A diverged run is worse than any other. It has no value, so the mean of a method
with diverged runs is of its other seeds, relative to the methods that never diverged; such a method is not
ranked first beside one that diverged less often, and is shown to be better only than methods that diverged
at least as often. Methods that are shown to diverge more often than the first (see `divergence`) come last.
"""

from typing import NamedTuple

import numpy as np

from optlab.analysis.comparison.divergence import divergence_p, pair_p
from optlab.analysis.comparison.layout import Layout
from optlab.analysis.comparison.ranges import LEAST, half_widths, nested_p, p_values
from optlab.analysis.comparison.spread import ROUNDING, Spread, spread
from optlab.analysis.statistics import LEVEL, signed_rank_p
from optlab.core.arrays import Array

RANGE, SIGNED_RANK, DIVERGENCE = "multiple range", "signed rank", "divergence"
FACT, ROUNDED = "nothing random", "rounding"  # no tests: there is no chance in it


class Judgement(NamedTuple):
    """Of K methods in the order of their ranks; [i, j] compares the i-th with the j-th, i < j."""

    layout: Layout
    order: Array  # (K,) columns of the layout
    placed: int  # methods that are ranked; those behind have too few seeds without a diverged run
    centre: Array  # (K,) mean value; ∞ without any
    counts: Array  # (K,) diverged runs
    spread: Spread
    half_width: Array  # (K, K) of the interval of the mean difference, at the level of its range
    p: Array  # (K, K) adjusted for all comparisons
    least_p: Array  # (K, K) the least that an exact test could have given; NaN where none was used
    test: Array  # (K, K) its name; empty where there are too few seeds
    equal: Array  # (K, K) whether they are equal to rounding on every seed

    @property
    def names(self) -> list[str]:
        """Of the methods, in the order of their ranks."""
        return [self.layout.names[column] for column in self.order]

    @property
    def complete(self) -> Array:
        """(K, K) whether neither diverged on any seed."""
        return self.spread.seeds == len(self.layout.values)

    @property
    def shown(self) -> Array:
        """(K, K) whether i is shown to be better than j."""
        return np.triu(self.p <= LEVEL, 1)


def judge(layout: Layout) -> Judgement:
    """The judgement on the methods of a layout."""
    n, counts = len(layout.values), np.isinf(layout.values).sum(axis=0)
    by_count = divergence_p(counts, n)
    order, placed, centre = _order(layout, counts, by_count)
    values, random, counts = layout.values[:, order], layout.random[order], counts[order]
    by_count, pairs = by_count[np.ix_(order, order)], spread(values, random)
    constant, enough = ~random[:, None] & ~random[None, :], pairs.seeds >= LEAST
    p, test, least_p = _by_value(pairs, random, constant)

    # A diverged run speaks against a method, whatever it reached on the other seeds. Of the two tests that
    # are looked at then, that of values gets half the level; that of counts, being discrete, uses about half.
    p = np.where(pairs.seeds < n, np.minimum(2 * p, 1.0), p)
    p = np.where((pairs.mean > 0) & (counts[:, None] <= counts[None, :]) & enough, p, 1.0)
    ahead = values[0][:, None] < values[0][None, :] - ROUNDING
    p = np.where(constant, np.where(ahead, 0.0, 1.0), p)
    oftener = (counts[:, None] < counts[None, :]) & ~constant & (~enough | ~(p <= LEVEL))
    p, test = np.where(oftener, by_count, p), np.where(oftener, DIVERGENCE, test)
    least_p = np.where(oftener, pair_p(0, n, n), least_p)
    inside = np.arange(len(order)) < placed
    p[:placed, :placed] = nested_p(p[:placed, :placed])
    equal = (pairs.seeds == n) & ~pairs.differences.any(axis=0)
    return Judgement(
        layout,
        order,
        placed,
        centre[order],
        counts,
        pairs,
        half_widths(pairs, random),
        np.where(inside[:, None] & inside[None, :], p, np.maximum(p, by_count)),
        least_p,
        test,
        equal,
    )


def _order(layout: Layout, counts: Array, by_count: Array) -> tuple[Array, int, Array]:
    """Columns in the order of their ranks, how many of them are ranked, and all means."""
    finite = np.isfinite(layout.values)
    level = layout.values[:, counts == 0].mean(axis=1) if (counts == 0).any() else np.zeros(len(finite))
    with np.errstate(invalid="ignore"):
        total = np.where(finite, layout.values - level[:, None], 0.0).sum(axis=0)
    mean = total / np.maximum(finite.sum(axis=0), 1) + level.mean()
    centre = np.where(finite.any(axis=0), mean, np.inf)
    rounded = np.round(centre / ROUNDING)
    usable = (finite.sum(axis=0) >= LEAST) | ~layout.random
    if not usable.any():
        return np.lexsort((rounded, counts)), 0, centre
    first = np.lexsort((rounded, counts, ~usable))[0]
    oftener = (counts > counts[first]) & (by_count[first] <= LEVEL)
    group = np.select([np.arange(len(counts)) == first, oftener, usable], [0, 2, 1], 3)
    order = np.lexsort((rounded, np.where(oftener, counts, 0), group))
    return order, int((group < 3).sum()), centre


def _by_value(pairs: Spread, random: Array, constant: Array) -> tuple[Array, Array, Array]:
    """p of the means of each pair by itself, the test behind it, and the least p that an exact one allows.

    Differences of which two are equal, as between accuracies, are far from normal: there Wilcoxon's exact
    test must reject, too.
    """
    p = p_values(pairs, random)
    least_p = np.full(p.shape, np.nan)
    enough = ~constant & (pairs.seeds >= LEAST)
    test = np.where(constant, FACT, np.where(enough, RANGE, "")).astype(object)
    for i, j in zip(*np.nonzero(np.triu(enough, 1)), strict=True):
        own = pairs.differences[pairs.common[:, i, j], i, j]
        if len(np.unique(own)) < len(own) and own.any():
            p[i, j] = max(p[i, j], signed_rank_p(own))
            least_p[i, j], test[i, j] = 2.0 ** (1 - np.count_nonzero(own)), SIGNED_RANK
    return p, test, least_p
