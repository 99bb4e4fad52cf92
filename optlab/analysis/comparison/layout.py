"""What is compared: the values of all methods on one problem, on the seeds that they have in common.

Positive quantities are compared by their logarithms, so that differences are ratios: the gap J - J* where J*
is known, else the cost. Accuracies, and costs that may be negative, are compared as they are. What lies at
the rounding of J is equal there: that is a fact, not a test.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from optlab.analysis.comparison.ranges import LEAST
from optlab.analysis.comparison.spread import ROUNDING
from optlab.analysis.optimum.certificates import SAME
from optlab.analysis.problem.deterministic import deterministic
from optlab.analysis.problem.outcomes import diverged, outcomes
from optlab.core.arrays import Array
from optlab.training.metrics import higher_is_better, is_share

GAP = "final_gap"


class Layout(NamedTuple):
    """K methods on n common seeds."""

    names: list[str]
    values: Array  # (n, K), the lower the better; ∞ where a run diverged
    at_rounding: Array  # (K,) whether the method is at the rounding of J on every seed
    random: Array  # (K,) whether it varies with the seed: is neither there nor deterministic
    quantity: str  # what is compared: a column of `runs`
    scale: str  # "ratio": values are logarithms; "difference": they are not
    sign: float  # of the metric: -1 where the higher is the better
    is_share: bool  # whether it is an accuracy
    excluded: dict[str, int]  # seeds of the methods that are not among them, for they have too few in common


def layout(part: pd.DataFrame, metric: str, method: str = "optimizer") -> Layout:
    """The layout of one problem.

    A method takes part if it shares at least three seeds with the others, and half of what the best equipped
    has; one that the seed cannot change takes part with a single one.

    Args:
        part: the chosen runs of the problem, with what is known of the minimum.
        metric: what is compared.
        method: the column that tells methods apart.
    """
    quantity, values, at_rounding, scale = _on_scale(part, metric)
    cells = part.assign(value=values, rounding=at_rounding, fixed=deterministic(part))
    # What is equal is ordered by the work that it took.
    soonest = cells.groupby(method)["reached"].median().sort_index().sort_values(kind="stable")
    by_seed = cells.groupby(["repetition", method])
    table = by_seed["value"].median().unstack().dropna(axis="columns", how="all")
    table = table[[name for name in soonest.index if name in table]]
    fixed = _never_varies(table, cells.groupby(method)["fixed"].all()[table.columns].to_numpy(), scale)
    table.loc[:, fixed] = table.loc[:, fixed].ffill().bfill()
    names, seeds = _common(table, fixed)
    rounding = by_seed["rounding"].all().unstack()[table.columns]
    rounding.loc[:, fixed] = rounding.loc[:, fixed].ffill().bfill()
    rounded = rounding.loc[seeds, names].eq(True).all().to_numpy(bool)
    return Layout(
        [str(name) for name in names],
        table.loc[seeds, names].to_numpy(float),
        rounded,
        ~rounded & ~fixed[table.columns.get_indexer(names)],
        quantity,
        scale,
        -1.0 if higher_is_better(metric) else 1.0,
        is_share(metric),
        {str(name): int(table[name].notna().sum()) for name in table if name not in names},
    )


def _never_varies(table: pd.DataFrame, deterministic: Array, scale: str) -> Array:
    """(K,) whether a method is the same on every seed.

    Its configuration says so, and its values do not contradict it; or the values of three seeds are one to
    nine digits, which a share of correct answers may be by chance.
    """
    with np.errstate(invalid="ignore"):
        spans = (table.max() - table.min()).fillna(0).to_numpy()
    complete = (table.notna().sum() >= LEAST).to_numpy() & np.isfinite(table.fillna(0)).all().to_numpy()
    return (spans <= ROUNDING) & (deterministic | complete & (scale == "ratio"))


def _on_scale(part: pd.DataFrame, metric: str) -> tuple[str, Array, Array, str]:
    """What is compared, (R,) its values, whether they are at the rounding of J, and the name of the scale."""
    failed = diverged(part).to_numpy()
    if metric in ("final_train_cost", GAP) and part[GAP][~failed].notna().all():
        gap = part[GAP].to_numpy(float)
        least = part["least_gap"].to_numpy(float)
        at_rounding = ~failed & (gap <= least * (1 + ROUNDING))
        positive = np.maximum(np.where(failed, 1.0, gap), np.finfo(float).tiny)
        return GAP, np.where(failed, np.inf, np.log(positive)), at_rounding, "ratio"
    values = outcomes(part, metric).to_numpy(float)
    never = np.zeros(len(part), bool)
    if higher_is_better(metric):
        return metric, np.where(failed, np.inf, -values), never, "difference"
    finite = values[np.isfinite(values)]
    if len(finite) == 0 or finite.min() < 0 or finite.max() <= 0:
        return metric, values, never, "difference"
    return metric, np.log(np.maximum(values, SAME * finite.max())), never, "ratio"


def _common(table: pd.DataFrame, fixed: Array) -> tuple[list[str], list[str]]:
    """Methods and the seeds that all of them have, the best equipped first."""
    held = table.notna()
    numbers = held.sum()
    least = max(LEAST, (int(numbers[~fixed].max()) + 1) // 2 if (~fixed).any() else 1)
    if fixed.all():
        return list(table), list(table.index[:1])
    names: list[str] = []
    common = pd.Series(True, table.index)
    for name in sorted(table.columns[~fixed], key=lambda name: -numbers[name]):
        both = common & held[name]
        if both.sum() >= least:
            names, common = [*names, name], both
    names += list(table.columns[fixed])
    return [name for name in table if name in names], list(table.index[common])
