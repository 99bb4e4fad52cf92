"""Best after k trials: what a tuner of each optimizer may expect from a budget of settings."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from optlab.analysis.choice.trials import RESAMPLES
from optlab.analysis.problem.outcomes import higher_is_better
from optlab.analysis.study import Study
from optlab.report import captions, words
from optlab.report.drawing import panels
from optlab.report.drawing.report_figure import ReportFigure
from optlab.report.drawing.style import in_order, look, weight


def trials(study: Study) -> Figure:
    """Median of the metric at the best of k settings drawn from the grid; bands hold half of the draws."""
    table, metric = _table(study), study.metric
    table = table.assign(**panels.drawable_ends(table))
    problems = panels.shown(table["problem"])
    figure, cells = panels.frame(len(problems), table["optimizer"])
    for place, (problem, cell) in enumerate(zip(problems, cells, strict=True)):
        axes, part = figure.add_subplot(cell), table[table["problem"] == problem]
        for optimizer in reversed(in_order(part["optimizer"])):
            rows = part[part["optimizer"] == optimizer]
            color, dash, marker = look(optimizer)
            high = np.where(np.isfinite(rows["high"]), rows["high"], 1e6 * np.abs(rows["median"]))
            size = 3.2 * weight(marker)
            x, y = rows["trials"], rows["median"]
            with panels.of(axes, optimizer):
                axes.fill_between(x, rows["low"], high, color=color, alpha=0.12, linewidth=0)
                axes.plot(x, y, color=color, linestyle=dash, marker=marker, markersize=size)
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        if not higher_is_better(metric):
            low, high = part["median"].min(), part["median"].max()
            if panels.log_helps(part["median"]):
                axes.set_ylim(low * 0.8, high * 1.25)
                panels.log_axis(axes, "y")
            elif high > low:
                margin = max(0.06 * (high - low), 1e-3 * abs(high))  # what differs by less is the same
                axes.set_ylim(low - margin, high + margin)
        panels.set_panel_title(axes, problem, problems)
        axes.set_xlabel("settings tried")
        if place % 2 == 0:
            axes.set_ylabel(words.label(metric))
    return figure


def _table(study: Study) -> pd.DataFrame:
    """The rows of optimizers that have a finite median at several numbers of trials."""
    table = study.trials
    table = table[np.isfinite(table["median"].astype(float))]
    return table[table.groupby(["problem", "optimizer"])["trials"].transform("size") > 1]


def _obstacle(study: Study) -> str:
    return "No optimizer was run at more than one setting." if _table(study).empty else ""


def _caption(study: Study) -> str:
    return (
        f"What a budget of trials buys: the {words.metric(study.metric)} at the best of k settings drawn "
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
