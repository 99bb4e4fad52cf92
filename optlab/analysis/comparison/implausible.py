"""Results that cost less than they should: work that no counter saw, a minimum known beforehand."""

import numpy as np
import pandas as pd

from optlab.analysis.problem.seeds import GROUP
from optlab.objective.oracle import EVALUATIONS

FAR = 5.0
"""Times the seconds for the same counted work of the other optimizers."""

MANY = 4.0
"""Gradients in a pass over the data: SVRG takes two and a half, a search along a line two or three."""

MIN_OPTIMIZERS = 3
"""With the same batches, so that what is usual shows."""

LANDED = 1e-9
"""Share of the initial gap at which a first step is at the minimum."""


def slow_work(chosen: pd.DataFrame, points: pd.DataFrame, alone: pd.Series) -> pd.DataFrame:
    """Optimizers whose seconds for the counted work stand far out: they may evaluate what is not counted.

    Args:
        chosen: runs at the setting of their optimizer, with `problem`, `batch` and `seconds`.
        points: their records, with `gradient_equivalents`.
        alone: by problem, whether its runs were trained alone; of others the seconds say nothing.

    Returns:
        ``problem optimizer times``: the median seconds per gradient-equivalent over the median of the other
        optimizers with the same batches.
    """
    work = chosen["run_id"].map(points.groupby("run_id")["gradient_equivalents"].max())
    pace = (chosen["seconds"] / work.where(work > 0)).astype(float)
    timed = chosen.assign(pace=pace)[chosen["problem"].map(alone).astype(bool) & pace.notna()]
    rows = []
    for (problem, _), own in timed.groupby(["problem", "batch"], sort=False):
        medians = own.groupby("optimizer")["pace"].median()
        for optimizer in medians.index if len(medians) >= MIN_OPTIMIZERS else ():
            times = medians[optimizer] / medians.drop(optimizer).median()
            if times > FAR:
                rows.append((problem, optimizer, times))
    return pd.DataFrame(rows, columns=[*GROUP, "times"])


def many_gradients(chosen: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Optimizers that take far more gradients than their batches need: they see more data than they claim.

    Args:
        chosen: runs at the setting of their optimizer, with `problem`, `batch` and `epochs`.
        points: their records, with `gradient_evals`.

    Returns:
        ``problem optimizer batch gradients``: the median number of full gradients per epoch.
    """
    spent = chosen["run_id"].map(points.groupby("run_id")["gradient_evals"].max()).astype(float)
    taken = chosen.assign(gradients=spent / chosen["epochs"].where(chosen["epochs"] > 0))
    medians = taken.groupby([*GROUP, "batch"], sort=False)["gradients"].median().reset_index()
    return medians[medians["gradients"] > MANY]


def uncounted_passes(chosen: pd.DataFrame, trajectories: pd.DataFrame) -> pd.DataFrame:
    """Optimizers of which runs passed over the data without asking the oracle; none where it is not recorded.

    Args:
        chosen: runs at the setting of their optimizer, with `problem`.
        trajectories: their records, with the counters.

    Returns:
        ``problem optimizer passes counted``: of the run with most, in full passes; and its evaluations.
    """
    spent = trajectories.reindex(columns=["run_id", "uncounted_passes", *EVALUATIONS]).groupby("run_id").max()
    runs = chosen[["run_id", *GROUP]].merge(spent, on="run_id")
    runs["counted"] = runs[[*EVALUATIONS]].sum(axis=1)
    runs = runs.rename(columns={"uncounted_passes": "passes"})[[*GROUP, "passes", "counted"]]
    most = runs[runs["passes"] > 0].sort_values("passes", ascending=False, kind="stable")
    return most.drop_duplicates(GROUP)


def known_minima(chosen: pd.DataFrame, trajectories: pd.DataFrame) -> pd.DataFrame:
    """``problem optimizer runs``: how many runs were at J* after their first step, of those that were.

    Newton's method does so where the cost is quadratic; elsewhere a step needs to know the minimum.
    """
    points = trajectories[trajectories["step"] <= 1].merge(chosen[["run_id", *GROUP, "optimum"]], on="run_id")
    points["gap"] = points["train_cost"] - points["optimum"]
    gaps = points.pivot_table(index="run_id", columns="step", values="gap", dropna=False)
    if not {0, 1} <= {*gaps.columns}:
        return pd.DataFrame(columns=[*GROUP, "runs"])
    landed = gaps.index[np.abs(gaps[1]) <= LANDED * gaps[0]]
    there = chosen[chosen["run_id"].isin(landed)]
    return there.groupby(GROUP, sort=False).size().reset_index(name="runs")
