"""Time to target: when every run first reached a cost, on any axis of cost.

Targets are shares of the initial distance to the certified minimum where it is known, else fixed costs.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from optlab.analysis.comparison import levels
from optlab.analysis.comparison.recording import Path, alike, comparable, on_common_grid, time_of
from optlab.analysis.problem.seeds import GROUP
from optlab.analysis.statistics import RESAMPLES, draws, multiplicities, percentiles
from optlab.core.arrays import Array

AXES = ("gradient_equivalents", "gradient_evals", "step", "epoch")
"""Of cost; scores are made of the first that is known: all work, unless the data are not on this machine."""


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
        ``problem optimizer run_id target time spent``: `target` is a text, `time` the first position at which
        the cost is at most the target, between records too (see `recording`; ∞: never), `spent` the last
        recorded position of the run. Problems whose runs are not `comparable` are absent.
    """
    rows = []
    for problem, (own, paths) in _by_problem(chosen, trajectories, axis).items():
        if not comparable(paths):
            continue
        optimum = own["optimum"].to_numpy(float)
        known = not np.isnan(optimum).any()
        floors = [float(at) for at in optimum] if known else [0.0] * len(own)
        paths = on_common_grid(paths, floors)
        first = np.array([path.cost[0] for path in paths])
        if targets is not None:
            costs = [levels.fixed(targets)] * len(own)
        elif known:
            costs = levels.shares(first, optimum)
        else:
            least: dict[str, list[float]] = {}
            for optimizer, path in zip(own["optimizer"], paths, strict=True):
                least.setdefault(optimizer, []).append(_least(path.cost))
            costs = [levels.reachable(float(np.nanmedian(first)), least)] * len(own)
        names = zip(own["optimizer"], own["run_id"], strict=True)
        for (optimizer, run_id), path, floor, of_run in zip(names, paths, floors, costs, strict=True):
            for name, target in of_run.items():
                time = time_of(path, target, floor)
                rows.append((problem, optimizer, run_id, name, time, path.position[-1]))
    table = pd.DataFrame(rows, columns=[*GROUP, "run_id", "target", "time", "spent"])
    return table.astype({"time": float, "spent": float})


def not_comparable(chosen: pd.DataFrame, trajectories: pd.DataFrame) -> list[str]:
    """The problems whose runs were recorded too differently to compare when targets were reached."""
    problems = _by_problem(chosen, trajectories, "step").items()
    return [problem for problem, (_, paths) in problems if not comparable(paths)]


def unlike_records(chosen: pd.DataFrame, trajectories: pd.DataFrame) -> pd.DataFrame:
    """``problem optimizer spacing`` of the problems whose optimizers were recorded unlike.

    `spacing` is the median number of epochs between the records of the longest run.
    """
    rows: list[tuple[str, str, float]] = []
    for problem, (part, paths) in _by_problem(chosen, trajectories, "step").items():
        longest: dict[str, Path] = {}
        for name, path in zip(part["optimizer"].astype(str), paths, strict=True):
            longest[name] = max(longest.get(name, path), path, key=lambda own: len(own.epoch))
        if not all(alike(*pair) for pair in combinations(longest.values(), 2)):
            spaced = {name: path.epoch for name, path in longest.items() if len(path.epoch) > 1}
            rows += [(problem, name, float(np.median(np.diff(epoch)))) for name, epoch in spaced.items()]
    return pd.DataFrame(rows, columns=[*GROUP, "spacing"])


def _by_problem(
    chosen: pd.DataFrame, trajectories: pd.DataFrame, axis: str
) -> dict[str, tuple[pd.DataFrame, list[Path]]]:
    """By problem, the runs that have records, and these."""
    columns = ["step", "epoch", axis, "train_cost"]
    points = trajectories[trajectories["run_id"].isin(chosen["run_id"])]
    points = points.dropna(subset=[axis]).sort_values("step", kind="stable")
    values = [points[column].to_numpy(float) for column in columns]
    groups = points.groupby("run_id").indices
    paths = {run_id: Path(*(column[rows] for column in values)) for run_id, rows in groups.items()}
    found = {}
    # In the order of the repetitions, since `statistics.draws` pairs runs by their place.
    for problem, part in chosen.sort_values("repetition", kind="stable").groupby("problem", sort=False):
        own = part[part["run_id"].isin(paths)]
        if len(own):
            found[str(problem)] = own, [paths[run_id] for run_id in own["run_id"]]
    return found


def _least(cost: Array) -> float:
    finite = cost[np.isfinite(cost)]
    return float(finite.min()) if len(finite) else np.inf


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
