"""Cost to target: which optimizer reaches how many targets, and how much slower than the fastest it is."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from optlab.analysis.choice.tuning import at_best
from optlab.analysis.comparison.profiles import (
    data_band,
    data_profile,
    performance_band,
    performance_profile,
    ratios,
)
from optlab.analysis.comparison.targets import (
    ecdf,
    ecdf_band,
    instance_times,
    resampled_times,
    times_to_target,
)
from optlab.analysis.optimum.certificates import with_optimum
from optlab.core.arrays import Array
from optlab.report import words
from optlab.report.drawing import panels
from optlab.report.drawing.style import in_order, look

SLOWEST = 100.0  # ratio at which the profile ends
POINTS = 150


@panels.styled
def profiles(
    runs: pd.DataFrame,
    trajectories: pd.DataFrame,
    axis: str = "gradient_evals",
    metric: str = "final_train_cost",
) -> Figure:
    """Shares of runs and of targets reached within a budget, and Dolan and Moré's profile.

    Bands are bootstrap intervals over the runs. The second, Moré and Wild's data profile, counts a target as
    reached once the median run has reached it.
    """
    chosen = with_optimum(at_best(runs, metric))
    times = times_to_target(chosen, trajectories, axis)
    reached = times.loc[np.isfinite(times["time"]) & (times["time"] > 0), "time"]
    if reached.empty:
        return panels.nothing("No run reached any target.")
    budgets = np.geomspace(reached.min(), 1.1 * times["spent"].max(), POINTS)  # the last step is seen too
    instances, resampled = instance_times(times), resampled_times(times)
    greatest = ratios(instances).replace(np.inf, np.nan).max(axis=None)
    slowest = min(SLOWEST, np.nanmax([1.2 * greatest, 4.0]))
    factors = np.geomspace(1, slowest, POINTS)
    several = times.groupby(["problem", "optimizer"])["run_id"].nunique().max() > 1
    low, high = ecdf_band(times, budgets)
    content = [
        (
            "Targets reached",
            "share of runs and targets",
            ecdf(times, budgets),
            (low.to_numpy(), high.to_numpy()),
        ),
        ("Data profile", "share of targets", data_profile(instances, budgets), data_band(resampled, budgets)),
        (
            "Performance profile",
            "share of targets",
            performance_profile(instances, factors),
            performance_band(resampled, factors),
        ),
    ]
    figure, cells = panels.frame(len(content), in_order(times["optimizer"]))
    for cell, (title, what, table, band) in zip(cells, content, strict=True):
        axes = figure.add_subplot(cell)
        _steps(axes, table, np.asarray(band) if several else None)
        if title == "Performance profile":
            panels.redrawn(axes, "performance-profile")
        axes.set_title(title)
        axes.set_ylabel(what)
        axes.set_xlabel(
            words.AXES[axis] if title != "Performance profile" else "times as slow as the fastest"
        )
    return figure


def _steps(axes: Axes, table: pd.DataFrame, band: Array | None) -> None:
    """One line per row of `table`; `band` (2, rows, columns) is in the order of its rows."""
    x = table.columns.to_numpy(float)
    for name in reversed(in_order(table.index)):
        color, dash, _ = look(name)
        with panels.of(axes, name):
            if band is not None:
                low, high = band[:, table.index.get_loc(name)]
                axes.fill_between(x, low, high, step="post", color=color, alpha=0.12, linewidth=0)
            axes.step(x, table.loc[name], where="post", color=color, linestyle=dash)
    axes.set_ylim(-0.03, 1.03)
    axes.set_xlim(x[0], x[-1])
    panels.log_axis(axes, "x")
