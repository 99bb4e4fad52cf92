"""Time to target: when every run first reached a cost, on any axis of cost.

Targets are shares of the initial distance to the certified minimum where it is known, else fixed costs.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from optlab.analysis.problem.seeds import GROUP
from optlab.analysis.statistics import RESAMPLES, draws, multiplicities, percentiles
from optlab.core.arrays import Array

AXES = ("gradient_equivalents", "gradient_evals", "step", "epoch")
"""Of cost; scores are made of the first that is known: all work, unless the data are not on this machine."""

TARGET_FRACTIONS = (1e-1, 1e-2, 1e-4, 1e-6, 1e-8)  # of the initial gap J(w0) - J*
LEVELS = 5  # fixed costs, evenly on the logarithm between the initial and the least cost seen


def times_to_target(
    chosen: pd.DataFrame,
    trajectories: pd.DataFrame,
    axis: str = "gradient_evals",
    targets: Sequence[float] | None = None,
) -> pd.DataFrame:
    """One row per run and target.

    Args:
        chosen: runs at the setting of their optimizer, with `problem`, `repetition` and `optimum` (NaN: not
            known).
        trajectories: recorded points of these runs.
        axis: any column of the trajectories that grows (see `curves.AXES`).
        targets: training costs; None: shares of the initial gap, or costs chosen from what was seen.

    Returns:
        ``problem optimizer run_id target time spent``: `target` is a text, `time` the first recorded position
        at which the cost is at most the target (∞: never), `spent` the last recorded position of the run.
    """
    columns = ["run_id", axis, "train_cost"]
    points = trajectories.loc[trajectories["run_id"].isin(chosen["run_id"]), columns].sort_values(axis)
    values = points[[axis, "train_cost"]].to_numpy(float)
    paths = {run_id: values[rows].T for run_id, rows in points.groupby("run_id").indices.items()}
    rows = []
    # In the order of the repetitions, since `statistics.draws` pairs runs by their place.
    for problem, part in chosen.sort_values("repetition", kind="stable").groupby("problem", sort=False):
        own = part[part["run_id"].isin(paths)]
        if own.empty:
            continue
        costs = [fixed(targets)] * len(own) if targets is not None else _targets(own, paths)
        for (_, run), of_run in zip(own.iterrows(), costs, strict=True):
            x, cost = paths[run["run_id"]]
            for name, target in of_run.items():
                reached = np.flatnonzero(cost <= target)
                time = x[reached[0]] if len(reached) else np.inf
                rows.append((problem, run["optimizer"], run["run_id"], name, time, x[-1]))
    table = pd.DataFrame(rows, columns=[*GROUP, "run_id", "target", "time", "spent"])
    return table.astype({"time": float, "spent": float})


def fixed(costs: Iterable[float]) -> dict[str, float]:
    """Costs by their names, the easiest first."""
    return {f"cost {cost:.3g}": float(cost) for cost in sorted(costs, reverse=True)}


def _targets(runs: pd.DataFrame, paths: dict[str, Array]) -> list[dict[str, float]]:
    """For every run of a problem, the cost behind each name of a target; `paths` are (2, points)."""
    costs = [paths[run_id][1] for run_id in runs["run_id"]]
    first = np.array([cost[0] for cost in costs])
    optimum = runs["optimum"].to_numpy(float)
    if not np.isnan(optimum).any():
        gaps = first - optimum
        return [
            {f"{share:g} of the initial gap": o + share * gap for share in TARGET_FRACTIONS}
            for o, gap in zip(optimum, gaps, strict=True)
        ]
    finite = np.concatenate([cost[np.isfinite(cost)] for cost in costs])
    positive = finite[finite > 0]
    if not len(positive) or positive.min() >= np.nanmedian(first):
        return [{} for _ in costs]
    levels = np.geomspace(np.nanmedian(first), positive.min(), LEVELS + 1)[1:]
    return [fixed(float(f"{level:.3g}") for level in levels)] * len(costs)


def on_shared_problems(times: pd.DataFrame) -> pd.DataFrame:
    """The times on those problems alone on which all optimizers of `times` were run: what scores count."""
    competitors = times.groupby("problem", sort=False)["optimizer"].nunique()
    shared = competitors.index[competitors == times["optimizer"].nunique()]
    return times[times["problem"].isin(shared)]


def ert(times: pd.DataFrame) -> pd.DataFrame:
    """Expected running time (COCO): what all runs spent until they hit the target, over the number of hits.

    Returns:
        ``problem optimizer target runs hits ert low high``; `ert` is ∞ without a hit, `low` and `high` are
        its bootstrap interval over the runs (NaN of one run).

    Reference: Hansen, Auger, Ros, Mersmann, Tušar and Brockhoff, COCO: a platform for comparing continuous
    optimizers in a black-box setting, 2021, section 5.
    """
    tables = []
    for (problem, optimizer), (time, spent, names) in _by_run(times).items():
        hits, cost = np.isfinite(time), np.where(np.isfinite(time), time, spent)
        mean = _over(cost.sum(0), hits.sum(0))
        sample = multiplicities(len(time))
        low, high = percentiles(_over(sample @ cost, sample @ hits)) if len(time) > 1 else 2 * [np.nan]
        columns = {"target": names, "runs": len(time), "hits": hits.sum(0), "ert": mean}
        table = pd.DataFrame({**columns, "low": low, "high": high})
        tables.append(table.assign(problem=problem, optimizer=optimizer))
    names = [*GROUP, "target", "runs", "hits", "ert", "low", "high"]
    return pd.concat(tables, ignore_index=True)[names] if tables else pd.DataFrame(columns=names)


def _over(cost: Array, hits: Array) -> Array:
    return np.where(hits > 0, cost / np.maximum(hits, 1), np.inf)


def _by_run(times: pd.DataFrame) -> dict[tuple[str, str], tuple[Array, Array, list[str]]]:
    """For every problem and optimizer, `time` and `spent` (runs, targets), and the names of the targets."""
    runs = {}
    for group, part in times.groupby(GROUP, sort=False):
        names = list(dict.fromkeys(part["target"]))
        shape = -1, len(names)  # every run of a problem has all its targets, in the same order
        runs[group] = part["time"].to_numpy().reshape(shape), part["spent"].to_numpy().reshape(shape), names
    return runs


def instance_times(times: pd.DataFrame) -> pd.DataFrame:
    """(problem and target) x optimizer: median time over the runs; ∞ where half of them never reached it."""
    table = times.groupby(["problem", "target", "optimizer"], sort=False)["time"].median().unstack()
    return table.fillna(np.inf)


def resampled_times(times: pd.DataFrame) -> Array:
    """(RESAMPLES, instances, optimizers): `instance_times` of bootstrap samples of the runs."""
    table = instance_times(times)
    resampled = np.full((RESAMPLES, *table.shape), np.inf)
    for (problem, optimizer), (time, _, names) in _by_run(times).items():
        rows = table.index.get_indexer([(problem, name) for name in names])
        medians = np.median(time[draws(len(time))], axis=1)
        resampled[:, rows, table.columns.get_loc(optimizer)] = medians
    return resampled


def ecdf(times: pd.DataFrame, budgets: Array) -> pd.DataFrame:
    """optimizer x budget: share of all pairs of run and target that were reached within the budget.

    Every problem counts the same. Where all optimizers were run on all problems: see `on_shared_problems`.
    """
    shares = {name: reached.mean(axis=0) for name, reached in _reached(times, budgets).items()}
    return _over_problems(shares, times, budgets)


def ecdf_band(times: pd.DataFrame, budgets: Array) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Lower and upper end of the bootstrap interval of `ecdf` over the runs."""
    resampled: dict[str, Array] = {}
    for (_, optimizer), reached in _reached(times, budgets).items():
        shares = multiplicities(len(reached)) @ reached / len(reached) / times["problem"].nunique()
        resampled[optimizer] = resampled.get(optimizer, 0) + shares
    ends = np.stack([percentiles(shares) for shares in resampled.values()], axis=1)
    low, high = (pd.DataFrame(end, pd.Index(resampled, name="optimizer"), budgets) for end in ends)
    return low.sort_index(), high.sort_index()


def _reached(times: pd.DataFrame, budgets: Array) -> dict[tuple[str, str], Array]:
    """(runs, budgets) for every problem and optimizer: share of the targets reached within each budget."""
    return {
        group: (time[:, :, None] <= budgets).mean(axis=1) for group, (time, _, _) in _by_run(times).items()
    }


def _over_problems(shares: dict[tuple[str, str], Array], times: pd.DataFrame, budgets: Array) -> pd.DataFrame:
    table = pd.DataFrame.from_dict(shares, orient="index", columns=budgets)
    table.index = pd.Index([optimizer for _, optimizer in shares], name="optimizer")
    return table.groupby(level=0).sum() / times["problem"].nunique()
