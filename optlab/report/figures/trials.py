"""Best after k trials: what a tuner of each optimizer may expect from a budget of settings."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from optlab.analysis.choice.trials import RESAMPLES
from optlab.analysis.study import Study
from optlab.report import captions, words
from optlab.report.drawing import line_names, outcome, panels, scales
from optlab.report.drawing.report_figure import ReportFigure
from optlab.report.drawing.style import in_order, look, weight
from optlab.training.metrics import higher_is_better


def trials(study: Study) -> Figure:
    """Median of the metric at the best of k settings drawn from the grid; bands hold half of the draws.

    A training cost whose minimum is known is shown as the gap.
    """
    table = _table(outcome.table(study, "trials"))
    table = table.assign(**scales.visible_ends(table))
    problems = panels.first_problems(table["problem"])
    table = table[table["problem"].isin(problems)]
    names = list(table["optimizer"].unique())
    most = table.groupby("problem")["optimizer"].nunique().max()
    height, right = max(2.0, line_names.ROW * most), line_names.room(names)
    figure, cells = panels.frame(len(problems), height=height, labels=0.62, right=right)
    costs = not higher_is_better(study.metric)
    log = costs and scales.all_positive(table["median"]) and scales.log_helps(table["median"])
    for problem, cell in zip(problems, cells, strict=True):
        axes, part = figure.add_subplot(cell), table[table["problem"] == problem]
        lines = {}
        for optimizer in reversed(in_order(part["optimizer"])):
            rows = part[part["optimizer"] == optimizer]
            lines[optimizer] = rows["trials"].to_numpy(float), rows["median"].to_numpy(float)
            with panels.belongs_to(axes, optimizer):
                _line(axes, rows, optimizer)
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        low, high = part["median"].min(), part["median"].max()
        if log:
            axes.set_ylim(low * 0.8, high * 1.25)
            scales.log_axis(axes, "y")
        elif costs and high > low:
            margin = max(0.06 * (high - low), 1e-3 * abs(high))  # what differs by less is the same
            axes.set_ylim(low - margin, high + margin)
            scales.linear_axis(axes, "y")
        elif not costs:
            scales.share_axis(axes, "y")
        line_names.write_names(axes, lines)
        panels.set_panel_title(axes, problem, problems, 0.5, right)
        axes.set_xlabel("settings tried")
        axes.set_ylabel(outcome.label(study, problem))
    return figure


def _line(axes: Axes, rows: pd.DataFrame, optimizer: str) -> None:
    color, dash, marker = look(optimizer)
    high = np.where(np.isfinite(rows["high"]), rows["high"], 1e6 * np.abs(rows["median"]))
    size = 3.2 * weight(marker)
    axes.fill_between(rows["trials"], rows["low"], high, color=color, alpha=0.12, linewidth=0)
    axes.plot(rows["trials"], rows["median"], color=color, linestyle=dash, marker=marker, markersize=size)


def _table(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of optimizers that have a finite median at several numbers of trials."""
    table = table[np.isfinite(table["median"].astype(float))]
    return table[table.groupby(["problem", "optimizer"])["trials"].transform("size") > 1]


def _obstacle(study: Study) -> str:
    return "No optimizer was run at more than one setting." if _table(study.trials).empty else ""


def _caption(study: Study) -> str:
    return (
        f"What a budget of trials buys: the {outcome.name(study)} at the best of k settings drawn "
        f"from the grid. Lines are medians over {words.count(RESAMPLES)} draws; bands hold the middle "
        f"half.{captions.panels(study)}"
    )


FIGURE = ReportFigure(
    name="trials",
    section="tuning",
    order=10,
    title="Budgets of trials",
    draw=trials,
    caption=_caption,
    obstacle=_obstacle,
)
