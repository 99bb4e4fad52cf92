"""The choice of the learning rate: every optimizer is judged at the best setting of its own grid."""

import numpy as np
import pandas as pd

from optlab.analysis.problem.outcomes import diverged, outcomes
from optlab.analysis.problem.seeds import GROUP
from optlab.analysis.statistics import bands
from optlab.training.metrics import higher_is_better

SETTING = [*GROUP, "setting"]

DIGITS = 9
"""Costs that agree to so many significant digits are the same: below that, runs differ by rounding."""


def settings(runs: pd.DataFrame, metric: str) -> pd.DataFrame:
    """One row per problem, optimizer and setting, the best setting of each optimizer first.

    Settings are ordered by the share of diverged runs, then by the median of `metric` over the repetitions
    (missing last; to nine digits), then by the median number of epochs, then by the learning rate. So of
    several rates that reach the same optimum, the one that reaches it first is the best.

    Returns:
        Columns ``problem optimizer setting lr seeds diverged median low high level steps``; `low` and
        `high` are the interval of the median and `level` what it attains (see `statistics.median_interval`),
        `diverged` is a share.
    """
    graded = runs.assign(value=outcomes(runs, metric), diverged=diverged(runs).astype(float))
    groups = graded.groupby(SETTING, sort=False)
    table = groups.agg(
        lr=("lr", "first"),
        seeds=("repetition", "nunique"),
        diverged=("diverged", "mean"),
        median=("value", "median"),
        steps=("steps", "median"),
        epochs=("epochs", "median"),
    )
    table = table.join(bands(groups["value"])).reset_index()
    table["lr"] = pd.to_numeric(table["lr"], errors="coerce").astype(float)
    table["ranking_value"] = ranking_value(table["median"], metric)
    order = [*GROUP, "diverged", "ranking_value", "epochs", "lr"]
    return table.sort_values(order, kind="stable", ignore_index=True).drop(
        columns=["ranking_value", "epochs"]
    )


def ranking_value(values: pd.Series, metric: str) -> pd.Series:
    """What ranks values of `metric`: the lower the better, missing last, rounded to nine digits."""
    signed = (-values if higher_is_better(metric) else values).fillna(np.inf)
    return signed.map(lambda value: float(f"{value:.{DIGITS}g}"))


def best_settings(settings: pd.DataFrame, tuning: pd.DataFrame, evaluation: pd.DataFrame) -> pd.DataFrame:
    """The best setting of every problem and optimizer on the seeds that tune, with the column `edge`.

    Only settings that were run for the evaluation too can be chosen (see `seeds.with_roles`).

    `edge` says on which end of the optimizer's grid the best learning rate lies (``lowest``, ``highest``):
    a better one may lie beyond. It is empty inside the grid and where the grid has one rate only.

    Args:
        settings: see `settings`, of all runs.
        tuning: the same of those that tune.
        evaluation: the same of those that evaluate.

    Returns:
        Rows of `tuning`.
    """
    judged = pd.MultiIndex.from_frame(tuning[SETTING]).isin(pd.MultiIndex.from_frame(evaluation[SETTING]))
    best = tuning[judged].drop_duplicates(GROUP).reset_index(drop=True)
    grid = settings.groupby(GROUP)["lr"].agg(["min", "max"])
    grid = grid.reindex(pd.MultiIndex.from_frame(best[GROUP]))
    low, high = grid["min"].to_numpy(float), grid["max"].to_numpy(float)
    edge = np.select([low == high, best["lr"] == low, best["lr"] == high], ["", "lowest", "highest"], "")
    return best.assign(edge=edge)


def at_best(runs: pd.DataFrame, best: pd.DataFrame) -> pd.DataFrame:
    """The runs that evaluate the best setting of their optimizer (see `best_settings`)."""
    return runs[runs["evaluates"]].merge(best[SETTING], on=SETTING)
