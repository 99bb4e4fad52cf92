"""Trajectories of several repetitions on a common grid: one median curve with a band.

A run that stopped early (converged, or out of patience) keeps its last value until the last run of its
group has stopped. A run that diverged counts as cost ∞ from its last recorded point on.
"""

import numpy as np
import pandas as pd

from optlab.analysis.statistics import attained_level, median_interval
from optlab.core.arrays import Array
from optlab.training.metrics import worst

AXES = ("step", "epoch", "gradient_evals", "seconds")


def curves(
    runs: pd.DataFrame,
    trajectories: pd.DataFrame,
    axis: str = "step",
    column: str = "train_cost",
    points: int = 300,
) -> pd.DataFrame:
    """Median of `column` along `axis`, with its 95 % interval, for every problem and optimizer.

    Args:
        runs: runs with their `problem`, one setting per optimizer (see `tuning.at_best`).
        trajectories: recorded points of these runs, perhaps of others too.
        axis: one of `AXES`.
        column: any recorded column.
        points: upper bound of the points of a curve; all recorded ones are kept where there are fewer.

    Returns:
        ``problem optimizer x median low high level runs running``; `low` and `high` are the interval of the
        median at `x` and `level` what it attains (see `statistics.median_interval`), `running` counts the
        runs that have not stopped before `x`. Optimizers without any value of `column` are absent.
    """
    paths = _paths(trajectories[trajectories["run_id"].isin(runs["run_id"])], axis, column)
    parts = []
    for (problem, optimizer), group in runs.groupby(["problem", "optimizer"], sort=False):
        own = []
        for run_id, status in zip(group["run_id"], group["status"], strict=True):
            x, y = paths.get(run_id, (np.empty(0), np.empty(0)))
            if status == "diverged" and len(y):
                y[-1] = worst(column)
            if not np.isnan(y).all():
                own.append((x, y))
        if any(np.isfinite(y).any() for _, y in own):
            parts.append(_curve(own, points).assign(problem=str(problem), optimizer=str(optimizer)))
    columns = ["problem", "optimizer", "x", "median", "low", "high", "level", "runs", "running"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def aligned(paths: list[tuple[Array, Array]], grid: Array) -> Array:
    """(R, G) the value each run had last recorded at the points of `grid` (its first value before that)."""
    return np.stack([y[np.maximum(np.searchsorted(x, grid, side="right") - 1, 0)] for x, y in paths])


def common_grid(paths: list[tuple[Array, Array]], points: int) -> Array:
    """All recorded positions, thinned evenly to at most `points`; first and last are always among them."""
    grid = np.unique(np.concatenate([x for x, _ in paths]))
    if len(grid) <= points:
        return grid
    # Half of the points evenly over the records, half over their logarithm: early steps matter on log axes.
    even = np.linspace(0, len(grid) - 1, points // 2)
    early = np.geomspace(1, len(grid), points - points // 2) - 1
    return grid[np.unique(np.concatenate([even, early]).round().astype(int))]


def _curve(paths: list[tuple[Array, Array]], points: int) -> pd.DataFrame:
    grid = common_grid(paths, points)
    values = aligned(paths, grid)
    ends = np.array([x[-1] for x, _ in paths])
    low, high = median_interval(values)
    return pd.DataFrame(
        {
            "x": grid,
            "median": np.median(values, axis=0),
            "low": low,
            "high": high,
            "level": attained_level(len(values)),
            "runs": len(paths),
            "running": (ends[:, None] >= grid).sum(axis=0),
        }
    )


def _paths(recorded: pd.DataFrame, axis: str, column: str) -> dict[str, tuple[Array, Array]]:
    """Position and value of the points of every run, gaps filled with the value before."""
    recorded = (
        recorded[["run_id", axis, column]].dropna(subset=[axis]).sort_values(["run_id", axis], kind="stable")
    )
    values = recorded.groupby("run_id", sort=False)[column].ffill().to_numpy(float, copy=True)
    names, counts = np.unique(recorded["run_id"].to_numpy(object), return_counts=True)
    starts = np.cumsum(counts) - counts
    x = recorded[axis].to_numpy(float)
    return {
        name: (x[start : start + count], values[start : start + count])
        for name, start, count in zip(names, starts, counts, strict=True)
    }
