"""The choice of the learning rate: every optimizer is judged at the best setting of its own grid."""

import numpy as np
import pandas as pd

from optlab.analysis.problem.outcomes import diverged, graded_outcomes, outcomes
from optlab.analysis.problem.seeds import GROUP
from optlab.analysis.statistics import bands
from optlab.training.metrics import higher_is_better

SETTING = [*GROUP, "setting"]

DIGITS = 9
"""Costs that agree to so many significant digits are the same: below that, runs differ by rounding."""


def settings(runs: pd.DataFrame, metric: str) -> pd.DataFrame:
    """One row per problem, optimizer and setting, the best setting of each optimizer first.

    Settings are ordered by the share of diverged runs, then by the median of `metric` over the repetitions
    (missing last; to nine digits; of a training cost by its gap where the minimum is known), then by the
    median work that it took to get there (see `reached`), then by the learning rate. So of several rates
    that reach the same optimum, within its certificate, the one that reaches it first is the best.

    Args:
        runs: with the column `reached`.
        metric: what settings are ordered by.

    Returns:
        Columns ``problem optimizer setting lr seeds diverged median low high level steps reached
        ranking_value``; `low` and `high` are the interval of the median and `level` what it attains (see
        `statistics.median_interval`), `diverged` is a share, `reached` a median; settings of an optimizer
        with the same `ranking_value` are equal.
    """
    graded = runs.assign(
        value=outcomes(runs, metric),
        ranked=graded_outcomes(runs, metric),
        diverged=diverged(runs).astype(float),
    )
    groups = graded.groupby(SETTING, sort=False)
    table = groups.agg(
        lr=("lr", "first"),
        seeds=("repetition", "nunique"),
        diverged=("diverged", "mean"),
        median=("value", "median"),
        steps=("steps", "median"),
        reached=("reached", "median"),
        ranked=("ranked", "median"),
    )
    table = table.join(bands(groups["value"])).reset_index()
    table["lr"] = pd.to_numeric(table["lr"], errors="coerce").astype(float)
    table["ranking_value"] = ranking_value(table.pop("ranked"), metric)
    order = [*GROUP, "diverged", "ranking_value", "reached", "lr"]
    return table.sort_values(order, kind="stable", ignore_index=True)


def ranking_value(values: pd.Series, metric: str) -> pd.Series:
    """What ranks values of `metric`: the lower the better, missing last, rounded to nine digits."""
    signed = (-values if higher_is_better(metric) else values).fillna(np.inf)
    return signed.map(lambda value: float(f"{value:.{DIGITS}g}"))


def best_settings(settings: pd.DataFrame, tuning: pd.DataFrame, evaluation: pd.DataFrame) -> pd.DataFrame:
    """The best setting of every problem and optimizer on the seeds that tune, with `equal` and `edge`.

    Only settings that were run for the evaluation too can be chosen (see `seeds.with_roles`).

    `equal` is the number of other settings that are as good, and lost by their work alone. `edge` says on
    which end of the optimizer's grid the best learning rate lies (``lowest``, ``highest``): a better one may
    lie beyond. It is empty inside the grid, where the grid has one rate only, and where another setting is as
    good: a better outcome is hardly to be had then.

    Args:
        settings: see `settings`, of all runs.
        tuning: the same of those that tune.
        evaluation: the same of those that evaluate.

    Returns:
        Rows of `tuning`.
    """
    judged = pd.MultiIndex.from_frame(tuning[SETTING]).isin(pd.MultiIndex.from_frame(evaluation[SETTING]))
    candidates = tuning[judged]
    best = candidates.drop_duplicates(GROUP).reset_index(drop=True)
    as_good = [*GROUP, "diverged", "ranking_value"]
    equal = best[as_good].merge(candidates[as_good], on=as_good).groupby(GROUP).size() - 1
    equal = equal.reindex(pd.MultiIndex.from_frame(best[GROUP])).to_numpy(int)
    grid = settings.groupby(GROUP)["lr"].agg(["min", "max"])
    grid = grid.reindex(pd.MultiIndex.from_frame(best[GROUP]))
    low, high = grid["min"].to_numpy(float), grid["max"].to_numpy(float)
    inside = (low == high) | (equal > 0)
    edge = np.select([inside, best["lr"] == low, best["lr"] == high], ["", "lowest", "highest"], "")
    return best.assign(equal=equal, edge=edge)


def at_best(runs: pd.DataFrame, best: pd.DataFrame) -> pd.DataFrame:
    """The runs that evaluate the best setting of their optimizer (see `best_settings`)."""
    return runs[runs["evaluates"]].merge(best[SETTING], on=SETTING)
