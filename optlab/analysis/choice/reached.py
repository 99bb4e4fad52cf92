"""How much work it took a run to become as good as it ended: what decides between equal outcomes.

Two rates that take Newton's method to the minimum are equal by their final cost, however much longer one of
them takes. What a run spends afterwards is its budget, and tells nothing.
"""

import numpy as np
import pandas as pd

from optlab.analysis.choice.tuning import DIGITS
from optlab.analysis.problem.outcomes import COST, GAP
from optlab.analysis.theory.costs import with_costs
from optlab.training.metrics import higher_is_better, trajectory_column

AXES = ("gradient_equivalents", "gradient_evals", "epoch")
"""Of work: the first that is known of all runs."""


def with_reached(runs: pd.DataFrame, trajectories: pd.DataFrame, metric: str) -> pd.DataFrame:
    """`runs` with the column `reached`: work up to the first record that is as good as the last, by `metric`.

    As good is what agrees to nine digits and, of a training cost whose minimum is known, every point within
    its certificate. A run without such a record counts with all its work.

    Args:
        runs: with what is known of the minimum.
        trajectories: with their records.
        metric: what runs are ranked by.
    """
    own = trajectories["run_id"].isin(runs["run_id"])
    points = trajectories[own].sort_values(["run_id", "step"], kind="stable")
    column = "train_cost" if metric == GAP else trajectory_column(metric)
    values = points[column].to_numpy(float) if column in points else np.full(len(points), np.nan)
    targets = pd.Series(_targets(runs, metric), index=pd.Index(runs["run_id"]))
    target = targets[~targets.index.duplicated()].reindex(points["run_id"]).to_numpy()
    with np.errstate(invalid="ignore"):
        good = values >= target if higher_is_better(metric) else values <= target
    ends = pd.concat([points[good].drop_duplicates("run_id"), points.drop_duplicates("run_id", keep="last")])
    ends = with_costs(ends.drop_duplicates("run_id"), runs)
    axis = next((axis for axis in AXES[:-1] if ends[axis].notna().all()), AXES[-1])
    return runs.assign(reached=runs["run_id"].map(ends.set_index("run_id")[axis]).astype(float))


def _targets(runs: pd.DataFrame, metric: str) -> np.ndarray:
    """(R,) the value of `metric` from which on a run is as good as it ended."""
    final = pd.to_numeric(runs[COST if metric == GAP else metric], errors="coerce").to_numpy(float)
    same = 0.5 * 10.0 ** (1 - DIGITS) * np.abs(final)
    if higher_is_better(metric):
        return final - same
    if metric not in (COST, GAP):
        return final + same
    optimum, least = (runs[name].to_numpy(float) for name in ("optimum", "least_gap"))
    known = np.isfinite(optimum) & np.isfinite(final)
    certified = np.maximum(final, optimum + least * (1 + 10.0**-DIGITS))
    return np.where(known, certified, final + same)
