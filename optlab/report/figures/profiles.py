"""Cost to target: which optimizer reaches how many targets, and how much slower than the fastest it is."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

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
)
from optlab.analysis.study import Study
from optlab.core.arrays import Array
from optlab.report import words
from optlab.report.drawing import line_names, panels, scales
from optlab.report.drawing.report_figure import ReportFigure
from optlab.report.drawing.style import in_order, look

SLOWEST = 100.0  # ratio at which the profile ends
POINTS = 150


def profiles(study: Study, axis: str | None = None) -> Figure:
    """Shares of runs and of targets reached within a budget, and Dolan and Moré's profile.

    Bands are bootstrap intervals over the runs. The second, Moré and Wild's data profile, counts a target as
    reached once the median run has reached it. All count the problems on which all optimizers were run.

    Args:
        axis: what a budget is counted in, as of `convergence`; None: all work where it is known, else
            gradient evaluations.
    """
    axis = axis or study.cost_axis
    times = study.scored_times(axis)
    reached = _reached(times)
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
    figure, cells = panels.frame(
        len(content), in_order(times["optimizer"]), height=1.7, labels=0.6, columns=3
    )
    for cell, (title, what, table, band) in zip(cells, content, strict=True):
        axes = figure.add_subplot(cell)
        _steps(axes, table, np.asarray(band) if several else None)
        if title == "Performance profile":
            panels.mark_for_script(axes, "performance-profile")
        axes.set_title(title)
        axes.set_ylabel(what)
        unit = words.short_axis(axis)
        axes.set_xlabel("times the least" if title == "Performance profile" else unit)
    return figure


def _steps(axes: Axes, table: pd.DataFrame, band: Array | None) -> None:
    """One line per row of `table`; `band` (2, rows, columns) is in the order of its rows."""
    x = table.columns.to_numpy(float)
    for name in reversed(in_order(table.index)):
        color, dash, _ = look(name)
        with panels.belongs_to(axes, name):
            if band is not None:
                low, high = band[:, table.index.get_loc(name)]
                axes.fill_between(x, low, high, step="post", color=color, alpha=0.12, linewidth=0)
            axes.step(x, table.loc[name], where="post", color=color, linestyle=dash)
    axes.set_ylim(0, 1)
    scales.share_axis(axes, "y")
    axes.set_xlim(x[0], x[-1])
    scales.log_axis(axes, "x")
    line_names.name_covered(axes, {str(name): (x, row.to_numpy(float)) for name, row in table.iterrows()})


def _reached(times: pd.DataFrame) -> pd.Series:
    """Times of the targets that a run reached after its start."""
    return times.loc[np.isfinite(times["time"]) & (times["time"] > 0), "time"]


def _obstacle(study: Study, axis: str | None) -> str:
    times = study.scored_times(axis or study.cost_axis)
    if study.chosen["optimizer"].nunique() < 2:
        return "There is one optimizer: nothing to compare."
    if times.empty:
        return "There is no problem on which all optimizers were run."
    return "No run reached any target." if _reached(times).empty else ""


def _caption(study: Study, axis: str | None) -> str:
    budget = f"a budget of {words.short_axis(axis or study.cost_axis)}"
    return (
        f"Targets reached within {budget} on {words.plural(len(study.scored_problems), 'problem')}, by all "
        "runs and by the median run (data profile), and within a multiple of the least (performance "
        "profile). Bands: 95 % bootstrap intervals."
    )


FIGURE = ReportFigure(
    name="profiles",
    section="targets",
    order=10,
    title="Cost to target",
    draw=profiles,
    caption=_caption,
    obstacle=_obstacle,
)
