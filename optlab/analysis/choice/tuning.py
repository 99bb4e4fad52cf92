"""The choice of the learning rate: every optimizer is judged at the best setting of its own grid."""

import numpy as np
import pandas as pd

from optlab.analysis.problem.outcomes import diverged, higher_is_better, outcomes
from optlab.analysis.problem.problems import with_problems
from optlab.analysis.problem.remember import remembered
from optlab.analysis.problem.seeds import GROUP, with_roles
from optlab.analysis.statistics import bands

SETTING = [*GROUP, "setting"]

DIGITS = 9
"""Costs that agree to so many significant digits are the same: below that, runs differ by rounding."""


@remembered
def settings(runs: pd.DataFrame, metric: str = "final_train_cost") -> pd.DataFrame:
    """One row per problem, optimizer and setting, the best setting of each optimizer first.

    Settings are ordered by the share of diverged runs, then by the median of `metric` over the repetitions
    (missing last; to nine digits), then by the median number of epochs, then by the learning rate. So of
    several rates that reach the same optimum, the one that reaches it first is the best.

    Returns:
        Columns ``problem optimizer setting lr seeds diverged median low high steps``; `low` and `high` are
        the interval of the median (see `statistics.median_interval`), `diverged` is a share.
    """
    runs = with_problems(runs)
    graded = runs.assign(value=outcomes(runs, metric), diverged=diverged(runs).astype(float))
    table = graded.groupby(SETTING, sort=False).agg(
        lr=("lr", "first"),
        seeds=("repetition", "nunique"),
        diverged=("diverged", "mean"),
        median=("value", "median"),
        steps=("steps", "median"),
        epochs=("epochs", "median"),
    )
    table = table.join(bands(graded.groupby(SETTING)["value"]))
    table = table.reset_index().assign(lr=lambda t: pd.to_numeric(t["lr"], errors="coerce").astype(float))
    table["loss"] = loss(table["median"], metric)
    order = [*GROUP, "diverged", "loss", "epochs", "lr"]
    return table.sort_values(order, kind="stable", ignore_index=True).drop(columns=["loss", "epochs"])


def loss(values: pd.Series, metric: str) -> pd.Series:
    """What ranks values of `metric`: the lower the better, missing last, rounded to nine digits."""
    signed = (-values if higher_is_better(metric) else values).fillna(np.inf)
    return signed.map(lambda value: float(f"{value:.{DIGITS}g}"))


@remembered
def best_settings(runs: pd.DataFrame, metric: str = "final_train_cost") -> pd.DataFrame:
    """The first row of `settings` for every problem and optimizer, with the column `edge`.

    Only the runs that tune are looked at, and only settings that were run for the evaluation too (see
    `seeds.with_roles`).

    `edge` says on which end of the optimizer's grid the best learning rate lies (``lowest``, ``highest``):
    a better one may lie beyond. It is empty inside the grid and where the grid has one rate only.
    """
    runs = with_roles(runs)
    judged = runs["evaluates"].groupby([runs[name] for name in SETTING]).transform("any")
    table = settings(runs[runs["tunes"] & judged], metric)
    best = table.drop_duplicates(GROUP).reset_index(drop=True)
    grid = runs.assign(lr=pd.to_numeric(runs["lr"], errors="coerce")).groupby(GROUP)["lr"].agg(["min", "max"])
    grid = grid.reindex(pd.MultiIndex.from_frame(best[GROUP]))
    low, high = grid["min"].to_numpy(float), grid["max"].to_numpy(float)
    edge = np.select([low == high, best["lr"] == low, best["lr"] == high], ["", "lowest", "highest"], "")
    return best.assign(edge=edge)


@remembered
def at_best(runs: pd.DataFrame, metric: str = "final_train_cost") -> pd.DataFrame:
    """The runs that evaluate the best setting of their optimizer, with the columns of `with_roles`."""
    runs = with_roles(runs)
    return runs[runs["evaluates"]].merge(best_settings(runs, metric)[SETTING], on=SETTING)
