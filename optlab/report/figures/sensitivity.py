"""Sensitivity: final cost against the learning rate, and the rates at which runs diverged."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from optlab.analysis.study import Study
from optlab.core.arrays import Array
from optlab.report import captions
from optlab.report.drawing import leaving, line_names, outcome, panels, scales
from optlab.report.drawing.report_figure import ReportFigure
from optlab.report.drawing.style import DOTTED, MUTED, PAPER, RULE, in_order, look, weight
from optlab.training.metrics import higher_is_better


def sensitivity(study: Study) -> Figure:
    """Median of the metric against the learning rate, its exact interval over the repetitions as a band.

    A training cost whose minimum is known is shown as the gap. The large marker is the optimizer's best rate.
    A dotted upright is the rate up to which theory promises that gradient descent converges, 2/L, or its like
    for momentum (see `analysis.theory`). Below, one row per optimizer that diverged shows the
    share of runs that did so at each rate: the darker, the more.
    """
    table = _table(outcome.table(study, "sensitivity"))
    table = table.assign(**scales.visible_ends(table))
    problems = panels.first_problems(table["problem"])
    table = table[table["problem"].isin(problems)]
    failing = in_order(table.loc[table["diverged"] > 0, "optimizer"])
    strip = 0.115 * len(failing) + 0.1 if failing else 0.0  # inches
    figure, cells = panels.frame(len(problems), table["optimizer"], height=2.15 + strip)
    log = _log_helps(study, table)
    for problem, cell in zip(problems, cells, strict=True):
        part = table[table["problem"] == problem]
        inner = cell.subgridspec(2, 1, height_ratios=[1.95, strip], hspace=0.2 / (1 + strip / 2))
        axes = below = figure.add_subplot(inner[0] if failing else cell)
        if (part["diverged"] > 0).any():
            below = figure.add_subplot(inner[1], sharex=axes)
            axes.tick_params(labelbottom=False)
            _divergence(below, part, failing)
        _costs(axes, part, study.metric, log)
        _edges_of_stability(axes, study, problem, part["lr"].min(), part["lr"].max())
        panels.set_panel_title(axes, problem, problems)
        below.set_xlabel("learning rate")
        axes.set_ylabel(outcome.label(study, problem))
    return figure


def _log_helps(study: Study, table: pd.DataFrame) -> bool:
    """Whether all panels get a logarithmic axis of the metric."""
    parts = [part["median"] for _, part in table.groupby("problem")]
    positive = not higher_is_better(study.metric) and scales.all_positive(table["median"])
    return positive and any(map(scales.log_helps, parts))


def _costs(axes: Axes, table: pd.DataFrame, metric: str, log: bool) -> None:
    lines = {}
    for optimizer in reversed(in_order(table["optimizer"])):
        rows = table[(table["optimizer"] == optimizer) & np.isfinite(table["median"])]
        if len(rows):
            lines[optimizer] = rows["lr"].to_numpy(float), rows["median"].to_numpy(float)
            with panels.belongs_to(axes, optimizer):
                _line(axes, rows, optimizer)
    axes.set_xscale("log")
    scales.log_axis(axes, "x")
    if higher_is_better(metric):
        scales.share_axis(axes, "y")
    else:
        _cost_scale(axes, table[np.isfinite(table["median"])], log)
    line_names.name_covered(axes, lines)
    leaving.mark_leaving(axes, lines)


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


def _edges_of_stability(axes: Axes, study: Study, problem: str, lowest: float, highest: float) -> None:
    """Uprights where they lie inside the grid, each with its multiple of 1/L at the top."""
    limits, runs = (
        study.edges[study.edges["problem"] == problem],
        study.runs[study.runs["problem"] == problem],
    )
    for optimizer, edge in zip(limits["optimizer"], limits["edge"], strict=True):
        if lowest <= edge <= highest:
            color = look(optimizer).color
            curvature = runs.loc[runs["optimizer"] == optimizer, "L"].dropna().iloc[0]
            with panels.belongs_to(axes, optimizer):
                axes.axvline(edge, color=color, linestyle=DOTTED, linewidth=1.0, zorder=1)
                axes.text(edge, 0.98, f"{edge * curvature:.3g}/L", transform=axes.get_xaxis_transform(),
                          ha="right", va="top", rotation=90, fontsize=6, color=color)  # fmt: skip


def _cost_scale(axes: Axes, table: pd.DataFrame, log: bool) -> None:
    """From the lowest cost to the highest at a rate below the best; what rises further leaves the panel."""
    if table.empty:
        return
    best = table[table["best"]].set_index("optimizer")["lr"]
    cautious = table["lr"] <= table["optimizer"].map(best).fillna(np.inf)
    low, high = table["median"].min(), table.loc[cautious, "median"].max()
    if log:
        axes.set_ylim(low * 0.75, max(high, 2 * low) * 1.4)
        scales.log_axis(axes, "y")
    elif high > low:
        axes.set_ylim(low - 0.08 * (high - low), high + 0.08 * (high - low))
        scales.linear_axis(axes, "y")


def _divergence(axes: Axes, table: pd.DataFrame, names: list[str]) -> None:
    """One row per optimizer with this name; a cell is as dark as the share of its runs that diverged."""
    for row, optimizer in enumerate(names):
        rates = table[table["optimizer"] == optimizer]
        if rates.empty:
            continue
        edges = _edges(rates["lr"].to_numpy(float))
        axes.plot(edges[[0, -1]], [row, row], color=RULE, linewidth=0.8, zorder=0)
        for left, right, share in zip(edges[:-1], edges[1:], rates["diverged"], strict=True):
            if share > 0:
                with panels.belongs_to(axes, optimizer):
                    shade = 0.25 + 0.75 * share
                    axes.barh(row, right - left, 0.74, left=left, color=look(optimizer).color, alpha=shade)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_yticks(range(len(names)), [panels.clip(name, 12) for name in names], fontsize=5.5)
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


def _table(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of optimizers that were run at several rates."""
    several = table.groupby(["problem", "optimizer"])["lr"].transform("nunique") > 1
    return table[several & (table["lr"] > 0)]


def _obstacle(study: Study) -> str:
    return "No optimizer was run at more than one learning rate." if _table(study.sensitivity).empty else ""


def _caption(study: Study) -> str:
    table = _table(study.sensitivity)
    text = (
        f"{captions.capital(outcome.name(study))} against the learning rate: "
        f"{captions.medians_over(table['seeds'])}. Large markers are best rates."
    )
    if (table["diverged"] > 0).any():
        text += " Bars below mark rates at which runs diverged."
    if len(study.edges):
        text += " Dotted: stable up to there (L bounds the curvature)."
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
