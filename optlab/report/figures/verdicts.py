"""Verdicts: which optimizer was better than which, pair by pair."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap, to_rgba
from matplotlib.figure import Figure

from optlab.analysis.comparison.comparisons import (
    BETTER,
    EQUAL,
    EQUIVALENT,
    UNDECIDED,
    UNTESTED,
    WORSE,
    against,
)
from optlab.analysis.study import Study
from optlab.report import captions, words
from optlab.report.drawing import panels
from optlab.report.drawing.cells import draw_cells
from optlab.report.drawing.report_figure import ReportFigure
from optlab.report.drawing.style import MUTED, RULE, TEAL, VERMILION

CELL = 0.19  # inches
MAX_NAME = 18  # characters of a name
VALUES = {BETTER: 1.0, WORSE: -1.0, EQUAL: 0.0, EQUIVALENT: 0.0, UNDECIDED: 0.0}  # UNTESTED has none
SIGNS = {BETTER: "+", WORSE: "−", EQUAL: "=", EQUIVALENT: "≈", UNDECIDED: "·", UNTESTED: "?"}
COLORS = ListedColormap([to_rgba(VERMILION, 0.75), to_rgba(RULE, 0.9), to_rgba(TEAL, 0.85)])


def verdicts(study: Study) -> Figure:
    """The verdict of every pair: how the optimizer of a row did against that of a column.

    Optimizers are in the order of their ranks. ``+`` is better, ``−`` worse, ``≈`` equivalent, ``=`` equal to
    rounding, ``·`` not shown to differ, ``?`` not tested.
    """
    problems = panels.first_problems(study.comparisons["problem"])
    orders = {problem: _order(study, problem) for problem in problems}
    most = max(map(len, orders.values()))
    longest = max(len(panels.clip(name, MAX_NAME)) for order in orders.values() for name in order)
    labels = 0.45 + 0.068 * longest
    figure, cells = panels.frame(len(problems), height=CELL * most + 0.15, labels=labels)
    for problem, cell in zip(problems, cells, strict=True):
        axes = figure.add_subplot(cell)
        _matrix(axes, study.comparisons, problem, orders[problem])
        panels.set_panel_title(axes, problem, problems, labels)
    return figure


def _order(study: Study, problem: str) -> list[str]:
    """The optimizers of a problem in the order of the table of results."""
    return list(study.summary.loc[study.summary["problem"] == problem, "optimizer"].astype(str))


def _matrix(axes: Axes, pairs: pd.DataFrame, problem: str, order: list[str]) -> None:
    verdicts_of = {row: against(pairs, problem, row) for row in order}
    table = [[verdicts_of[row].get(column, "") for column in order] for row in order]
    values = np.array([[VALUES.get(verdict, np.nan) for verdict in row] for row in table])
    signs = np.array([[SIGNS.get(verdict, "") for verdict in row] for row in table])
    draw_cells(axes, values, signs, 7, cmap=COLORS, vmin=-1, vmax=1)
    for row, verdicts_of_row in enumerate(table):
        for column, verdict in enumerate(verdicts_of_row):
            if verdict == UNTESTED:  # a cell without a colour
                axes.text(column + 0.5, row + 0.5, SIGNS[verdict], ha="center", va="center", fontsize=7,
                          color=MUTED)  # fmt: skip
    names = [panels.clip(name, MAX_NAME) for name in order]
    places = np.arange(len(order)) + 0.5
    axes.set_yticks(
        places, [f"{name}\u00a0\u00a0{place}" for place, name in enumerate(names, start=1)], rotation=0
    )
    axes.set_xticks(places, [str(place) for place in range(1, len(order) + 1)], rotation=0)


def _obstacle(study: Study) -> str:
    if study.comparisons.empty:
        return "There is no pair of optimizers on one problem."
    return "No pair was tested." if (study.comparisons["verdict"] == UNTESTED).all() else ""


def _caption(study: Study) -> str:
    return (
        f"The optimizer of a row against that of a column by {words.metric(study.metric)}: + better, − "
        "worse, ≈ equivalent, = equal to rounding, · not shown to differ, ? not "
        f"tested.{captions.panels(study)}"
    )


FIGURE = ReportFigure(
    name="verdicts",
    section="comparisons",
    order=10,
    title="Pair by pair",
    draw=verdicts,
    caption=_caption,
    obstacle=_obstacle,
    seaborn=True,
)
