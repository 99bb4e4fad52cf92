"""Many optimizers on several problems: mean ranks, and how far apart they must be to be told apart.

On each of N problems the k optimizers are ranked, 1 the best, ties sharing their mean rank. If all were
equal, mean ranks would be near (k + 1) / 2. With sums of ranks S_j and single ranks r_ij,

    chi2 = (k - 1) sum_j (S_j - N (k + 1) / 2)^2 / (sum_ij r_ij^2 - N k (k + 1)^2 / 4)
    F = (N - 1) chi2 / (N (k - 1) - chi2)            k - 1 and (k - 1)(N - 1) degrees of freedom

tests that (Friedman; Iman and Davenport). F errs for few problems, and where all agree: there p is the share
of all ways to rank the optimizers whose sums of ranks lie as far apart. Two optimizers differ if their mean
ranks do so by more than the critical difference q sqrt(k (k + 1) / (6 N)), q being the 95 % point of the
range of k normal variables over sqrt(2) (Nemenyi).

Reference: Demšar, Statistical Comparisons of Classifiers over Multiple Data Sets, Journal of Machine Learning
Research 7, 2006, sections 3.2.2 and 3.2.3.
"""

from itertools import permutations
from math import factorial
from typing import NamedTuple

import numpy as np
import pandas as pd

from optlab.analysis.choice.tuning import ranking_value
from optlab.analysis.problem.outcomes import outcomes
from optlab.analysis.statistics import LEVEL
from optlab.core.arrays import Array

MAX_WAYS = 50_000  # to rank the optimizers, that are looked at one by one


class Friedman(NamedTuple):
    """Result of the test."""

    ranks: pd.Series  # mean rank by optimizer, the best first
    problems: int
    p: float
    critical_difference: float

    @property
    def groups(self) -> list[list[str]]:
        """The largest groups of optimizers whose mean ranks lie within the critical difference."""
        ranks = self.ranks
        groups: list[list[str]] = []
        for place, first in enumerate(ranks):
            group = list(ranks.index[place:][ranks.iloc[place:] - first <= self.critical_difference])
            if len(group) > 1 and not (groups and group[-1] == groups[-1][-1]):
                groups.append(group)
        return groups


def friedman(chosen: pd.DataFrame, metric: str) -> Friedman | None:
    """The test on the medians of `metric` over the chosen runs, of the optimizers that were run everywhere.

    Returns:
        None if there are fewer than two problems or optimizers.
    """
    graded = chosen.assign(value=outcomes(chosen, metric))
    medians = graded.groupby(["problem", "optimizer"])["value"].median()
    return friedman_from_table(ranking_value(medians, metric).unstack().dropna(axis="columns"))


def friedman_from_table(values: pd.DataFrame) -> Friedman | None:
    """The test on a table (problem x optimizer) of what is the better the lower."""
    n, k = values.shape
    if n < 2 or k < 2:
        return None
    ranks = values.rank(axis="columns")
    spread = np.square(ranks.to_numpy()).sum() - n * k * (k + 1) ** 2 / 4
    if spread == 0:  # all are equal everywhere
        return Friedman(ranks.mean(), n, 1.0, _critical_difference(n, k))
    mean = ranks.mean().sort_values(kind="stable")
    return Friedman(mean, n, _p(ranks.to_numpy(float), spread), _critical_difference(n, k))


def _p(ranks: Array, spread: float) -> float:
    """p of ranks (n, k) whose squares exceed those of their mean by `spread`."""
    from scipy.special import fdtrc

    n, k = ranks.shape
    ways = factorial(k) ** (n - 1)  # the first problem may keep its ranks
    if ways <= MAX_WAYS:
        return _share_as_large(ranks)
    chi2 = (k - 1) * np.square(ranks.sum(axis=0) - n * (k + 1) / 2).sum() / spread
    left = n * (k - 1) - chi2
    p = float(fdtrc(k - 1, (k - 1) * (n - 1), (n - 1) * chi2 / left)) if left > 1e-12 else 0.0
    return max(p, 1 / ways)


def _share_as_large(ranks: Array) -> float:
    """The share of all ways to rank whose sums of ranks lie as far apart."""
    orders = np.array(list(permutations(range(ranks.shape[1]))))
    sums = ranks[:1]
    for own in ranks[1:]:
        sums = (sums[:, None, :] + own[orders][None, :, :]).reshape(-1, ranks.shape[1])
    apart = np.square(sums - sums.mean(axis=1, keepdims=True)).sum(axis=1)
    found = np.square(ranks.sum(axis=0) - ranks.sum() / ranks.shape[1]).sum()
    return float((apart >= found - 1e-9).mean())


def _critical_difference(n: int, k: int) -> float:
    from scipy.stats import studentized_range

    return float(studentized_range.ppf(1 - LEVEL, k, np.inf) / np.sqrt(2) * np.sqrt(k * (k + 1) / (6 * n)))
