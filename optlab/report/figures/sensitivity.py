"""Sensitivity: final cost against the learning rate, and the rates at which runs diverged."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from optlab.analysis.problem.outcomes import higher_is_better
from optlab.analysis.study import Study
from optlab.core.arrays import Array
from optlab.report import captions, words
from optlab.report.drawing import panels
from optlab.report.drawing.report_figure import ReportFigure
from optlab.report.drawing.style import DOTTED, MUTED, PAPER, RULE, in_order, look, weight


def sensitivity(study: Study) -> Figure:
    """Median of the metric against the learning rate, its 95 % interval over the repetitions as a band.

    The large marker is the optimizer's best rate. A dotted upright is the rate up to which theory promises
    that gradient descent converges, 2 / L, or its like for momentum (see `analysis.theory`). Below, one row
    per optimizer shows the share of runs that diverged at each rate: the darker, the more.
    """
    table, limits, metric = _table(study), study.edges, study.metric
    table = table.assign(**panels.drawable_ends(table))
    problems = panels.shown(table["problem"])
    strip = 0.115 * table["optimizer"].nunique() + 0.1  # inches
    figure, cells = panels.frame(len(problems), table["optimizer"], height=2.15 + strip)
    for place, (problem, cell) in enumerate(zip(problems, cells, strict=True)):
        part = table[table["problem"] == problem]
        inner = cell.subgridspec(2, 1, height_ratios=[1.95, strip], hspace=0.2 / (1 + strip / 2))
        above = figure.add_subplot(inner[0])
        below = figure.add_subplot(inner[1], sharex=above)
        _costs(above, part, metric)
        _edges_of_stability(above, limits[limits["problem"] == problem], part["lr"].min(), part["lr"].max())
        _divergence(below, part)
        panels.set_panel_title(above, problem, problems)
        below.set_xlabel("learning rate")
        if place % 2 == 0:
            above.set_ylabel(words.label(metric))
    return figure


def _costs(axes: Axes, table: pd.DataFrame, metric: str) -> None:
    for optimizer in reversed(in_order(table["optimizer"])):
        rows = table[(table["optimizer"] == optimizer) & np.isfinite(table["median"])]
        if len(rows):
            with panels.of(axes, optimizer):
                _line(axes, rows, optimizer)
    axes.set_xscale("log")
    panels.log_axis(axes, "x")
    axes.tick_params(labelbottom=False)
    if not higher_is_better(metric):
        _cost_scale(axes, table[np.isfinite(table["median"])])


def _line(axes: Axes, rows: pd.DataFrame, optimizer: str) -> None:
    color, dash, marker = look(optimizer)
    lr, median = rows["lr"].to_numpy(float), rows["median"].to_numpy(float)
    high = np.where(np.isfinite(rows["high"]), rows["high"], 1e6 * np.abs(median))
    axes.fill_between(lr, rows["low"], high, color=color, alpha=0.14, linewidth=0)
    axes.plot(lr, median, color=color, linestyle=dash, marker=marker, markersize=3.2 * weight(marker))
    best = rows["best"].to_numpy(bool)
    axes.plot(
        lr[best],
        median[best],
        color=color,
        marker=marker,
        markersize=7.5 * weight(marker),
        markeredgecolor=PAPER,
        markeredgewidth=0.7,
        linestyle="none",
        zorder=3,
    )


def _edges_of_stability(axes: Axes, limits: pd.DataFrame, lowest: float, highest: float) -> None:
    """Uprights where they lie inside the grid."""
    for optimizer, edge in zip(limits["optimizer"], limits["edge"], strict=True):
        if lowest <= edge <= highest:
            with panels.of(axes, optimizer):
                axes.axvline(edge, color=look(optimizer).color, linestyle=DOTTED, linewidth=1.0, zorder=1)


def _cost_scale(axes: Axes, table: pd.DataFrame) -> None:
    """From the lowest cost to the highest at a rate below the best; what rises further leaves the panel."""
    if table.empty:
        return
    best = table[table["best"]].set_index("optimizer")["lr"]
    cautious = table["lr"] <= table["optimizer"].map(best).fillna(np.inf)
    low, high = table["median"].min(), table.loc[cautious, "median"].max()
    if panels.log_helps(table["median"]):
        axes.set_ylim(low * 0.75, max(high, 2 * low) * 1.4)
        panels.log_axis(axes, "y")
    elif high > low:
        axes.set_ylim(low - 0.08 * (high - low), high + 0.08 * (high - low))
        panels.linear_axis(axes, "y")


def _divergence(axes: Axes, table: pd.DataFrame) -> None:
    """One row per optimizer; a cell is as dark as the share of its runs that diverged."""
    names = in_order(table["optimizer"])
    for row, optimizer in enumerate(names):
        rates = table[table["optimizer"] == optimizer]
        edges = _edges(rates["lr"].to_numpy(float))
        axes.plot(edges[[0, -1]], [row, row], color=RULE, linewidth=0.8, zorder=0)
        for left, right, share in zip(edges[:-1], edges[1:], rates["diverged"], strict=True):
            if share > 0:
                with panels.of(axes, optimizer):
                    shade = 0.25 + 0.75 * share
                    axes.barh(row, right - left, 0.74, left=left, color=look(optimizer).color, alpha=shade)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_yticks(range(len(names)), [panels.clipped(name, 12) for name in names], fontsize=5.5)
    axes.grid(False)
    axes.spines["left"].set_visible(False)
    axes.text(
        0.99, 1.0, "diverged", transform=axes.transAxes, ha="right", va="bottom", fontsize=6.5, color=MUTED
    )


def _edges(rates: Array) -> Array:
    """(n + 1,) cell borders half-way (on the logarithm) between neighbouring `rates`, which increase."""
    logs = np.log10(rates)
    middle = (logs[1:] + logs[:-1]) / 2
    return 10 ** np.concatenate([[2 * logs[0] - middle[0]], middle, [2 * logs[-1] - middle[-1]]])


def _table(study: Study) -> pd.DataFrame:
    """The rows of optimizers that were run at several rates."""
    table = study.sensitivity
    several = table.groupby(["problem", "optimizer"])["lr"].transform("nunique") > 1
    return table[several & (table["lr"] > 0)]


def _obstacle(study: Study) -> str:
    return "No optimizer was run at more than one learning rate." if _table(study).empty else ""


def _caption(study: Study) -> str:
    text = (
        f"{captions.capital(words.metric(study.metric))} against the learning rate: "
        f"{captions.medians(study)}. Large markers are best rates."
    )
    if (_table(study)["diverged"] > 0).any():
        text += " Bars below mark rates at which runs diverged."
    if len(study.edges):
        text += " Dotted: stable up to there."
    return text + captions.panels(study)


FIGURE = ReportFigure(
    name="sensitivity",
    section="sensitivity",
    order=10,
    title="Learning rates",
    draw=sensitivity,
    caption=_caption,
    obstacle=_obstacle,
)
