"""Time to target: when every run first reached a cost, on any axis of cost.

Targets are shares of the initial distance to the certified minimum where it is known, else fixed costs.
"""

import numpy as np
import pandas as pd

from optlab.analysis.seeds import GROUP
from optlab.arrays import Array

SHARES = (1e-1, 1e-2, 1e-4, 1e-6, 1e-8)  # of the initial gap J(w0) - J*
LEVELS = 5  # fixed costs, evenly on the logarithm between the initial and the least cost seen


def times_to_target(
    chosen: pd.DataFrame, trajectories: pd.DataFrame, axis: str = "gradient_evals"
) -> pd.DataFrame:
    """One row per run and target.

    Args:
        chosen: runs at the setting of their optimizer, with `problem` and `optimum` (NaN: not known).
        trajectories: recorded points of these runs.
        axis: ``step``, ``epoch``, ``gradient_evals`` or ``seconds``.

    Returns:
        ``problem optimizer run_id target time spent``: `target` is a text, `time` the first recorded position
        at which the cost is at most the target (∞: never), `spent` the last recorded position of the run.
    """
    columns = ["run_id", axis, "train_cost"]
    points = trajectories.loc[trajectories["run_id"].isin(chosen["run_id"]), columns].sort_values(axis)
    paths = {run_id: path for run_id, path in points.groupby("run_id", sort=False)}
    rows = []
    for problem, part in chosen.groupby("problem", sort=False):
        own = part[part["run_id"].isin(paths)]
        if own.empty:
            continue
        for (_, run), targets in zip(own.iterrows(), _targets(own, paths), strict=True):
            x, cost = paths[run["run_id"]][[axis, "train_cost"]].to_numpy(float).T
            for name, target in targets.items():
                reached = np.flatnonzero(cost <= target)
                time = x[reached[0]] if len(reached) else np.inf
                rows.append((problem, run["optimizer"], run["run_id"], name, time, x[-1]))
    table = pd.DataFrame(rows, columns=[*GROUP, "run_id", "target", "time", "spent"])
    return table.astype({"time": float, "spent": float})


def _targets(runs: pd.DataFrame, paths: dict[str, pd.DataFrame]) -> list[dict[str, float]]:
    """For every run of a problem, the cost behind each name of a target."""
    costs = [paths[run_id]["train_cost"].to_numpy(float) for run_id in runs["run_id"]]
    first = np.array([cost[0] for cost in costs])
    optimum = runs["optimum"].to_numpy(float)
    if not np.isnan(optimum).any():
        gaps = first - optimum
        return [
            {f"{share:g} of the initial gap": o + share * gap for share in SHARES}
            for o, gap in zip(optimum, gaps, strict=True)
        ]
    finite = np.concatenate([cost[np.isfinite(cost)] for cost in costs])
    positive = finite[finite > 0]
    if not len(positive) or positive.min() >= np.nanmedian(first):
        return [{} for _ in costs]
    levels = np.geomspace(np.nanmedian(first), positive.min(), LEVELS + 1)[1:]
    return [{f"cost {level:.3g}": float(f"{level:.3g}") for level in levels} for _ in costs]


def ert(times: pd.DataFrame) -> pd.DataFrame:
    """Expected running time (COCO): what all runs spent until they hit the target, over the number of hits.

    Returns:
        ``problem optimizer target runs hits ert``; `ert` is ∞ without a hit.
    """
    spent = times["time"].where(np.isfinite(times["time"]), times["spent"])
    table = times.assign(cost=spent, hit=np.isfinite(times["time"]))
    grouped = table.groupby([*GROUP, "target"], sort=False)
    found = grouped.agg(runs=("hit", "size"), hits=("hit", "sum"), cost=("cost", "sum")).reset_index()
    with np.errstate(divide="ignore"):
        found["ert"] = np.where(found["hits"] > 0, found["cost"] / found["hits"].clip(lower=1), np.inf)
    return found.drop(columns="cost")


def instance_times(times: pd.DataFrame) -> pd.DataFrame:
    """(problem and target) x optimizer: median time over the runs; ∞ where half of them never reached it."""
    table = times.groupby(["problem", "target", "optimizer"], sort=False)["time"].median().unstack()
    return table.fillna(np.inf)


def ecdf(times: pd.DataFrame, budgets: Array) -> pd.DataFrame:
    """optimizer x budget: share of all pairs of run and target that were reached within the budget.

    Every problem counts the same; one on which an optimizer was not run counts as not reached.
    """
    shares = {
        name: (part.to_numpy(float)[:, None] <= budgets).mean(axis=0)
        for name, part in times.groupby(["optimizer", "problem"], sort=False)["time"]
    }
    n_problems = times["problem"].nunique()
    table = pd.DataFrame.from_dict(shares, orient="index", columns=budgets)
    table.index = pd.Index([optimizer for optimizer, _ in shares], name="optimizer")
    return table.groupby(level=0).sum() / n_problems
