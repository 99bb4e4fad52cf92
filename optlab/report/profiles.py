"""Cost to target: which optimizer reaches how many targets, and how much slower than the fastest it is."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from optlab.analysis.certificates import with_optimum
from optlab.analysis.profiles import performance_profile, ratios
from optlab.analysis.targets import ecdf, instance_times, times_to_target
from optlab.analysis.tuning import at_best
from optlab.report import panels, words
from optlab.report.style import in_order, look

SLOWEST = 100.0  # ratio at which the profile ends


@panels.styled
def profiles(
    runs: pd.DataFrame,
    trajectories: pd.DataFrame,
    axis: str = "gradient_evals",
    metric: str = "final_train_cost",
) -> Figure:
    """Left, the share of runs and targets reached within a budget; right, Dolan and Moré's profile."""
    chosen = with_optimum(at_best(runs, metric))
    times = times_to_target(chosen, trajectories, axis)
    reached = times.loc[np.isfinite(times["time"]) & (times["time"] > 0), "time"]
    if reached.empty:
        return panels.nothing("No run reached any target.")
    names = in_order(times["optimizer"])
    figure, cells = panels.frame(2, names)
    left, right = (figure.add_subplot(cell) for cell in cells)
    budgets = np.geomspace(reached.min(), max(times["spent"].max(), 1.01 * reached.min()), 300)
    instances = instance_times(times)
    greatest = ratios(instances).replace(np.inf, np.nan).max(axis=None)
    slowest = min(SLOWEST, max(1.2 * greatest, 4.0))
    factors = np.geomspace(1, slowest, 300)
    for axes, table in ((left, ecdf(times, budgets)), (right, performance_profile(instances, factors))):
        for name in reversed(names):
            color, dash, _ = look(name)
            x = table.columns.to_numpy(float)
            axes.step(x, table.loc[name], where="post", color=color, linestyle=dash)
        axes.set_ylim(-0.03, 1.03)
        axes.set_xlim(x[0], x[-1])
        panels.log_axis(axes, "x")
    left.set_title("Targets reached")
    left.set_xlabel(words.AXES[axis])
    left.set_ylabel("share of runs and targets")
    right.set_title("Performance profile")
    right.set_xlabel("times as slow as the fastest")
    right.set_ylabel("share of targets")
    return figure
