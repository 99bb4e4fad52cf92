"""Verdicts: which optimizer was better than which, pair by pair."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

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
from optlab.report.drawing.cells import ink_on
from optlab.report.drawing.report_figure import ReportFigure
from optlab.report.drawing.style import MUTED, RULE, TEAL, VERMILION, mark

CELL = 0.19  # inches
MAX_NAME = 18  # characters of a name
SIGNS = {BETTER: "+", WORSE: "−", EQUAL: "=", EQUIVALENT: "≈", UNDECIDED: "·", UNTESTED: "?"}
COLORS = {BETTER: to_rgba(TEAL, 0.85), WORSE: to_rgba(VERMILION, 0.75)}
NEUTRAL = to_rgba(RULE, 0.9)  # of all others but those not tested, which have no colour
EDGE = 0.02  # of a cell


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
    for row, name in enumerate(order):
        own = against(pairs, problem, name)
        for column, other in enumerate(order):
            if other in own:
                _cell(axes, row, column, own[other], mark(name, other))
    places = np.arange(len(order)) + 0.5
    names = [f"{panels.clip(name, MAX_NAME)}\u00a0\u00a0{place}" for place, name in enumerate(order, start=1)]
    axes.set(xlim=(0, len(order)), ylim=(len(order), 0))
    axes.set_yticks(places, names)
    axes.set_xticks(places, [str(place) for place in range(1, len(order) + 1)])
    for labels in (axes.get_yticklabels(), axes.get_xticklabels()):
        for label, name in zip(labels, order, strict=True):
            label.set_gid(mark(name))
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.grid(False)


def _cell(axes: Axes, row: int, column: int, verdict: str, owners: str) -> None:
    """The verdict of a pair, which the page hides with either of the two."""
    color = COLORS.get(verdict, NEUTRAL)
    if verdict != UNTESTED:
        corner, size = (column + EDGE, row + EDGE), 1 - 2 * EDGE
        axes.add_patch(Rectangle(corner, size, size, facecolor=color, edgecolor="none", gid=owners))
    axes.text(column + 0.5, row + 0.5, SIGNS[verdict], ha="center", va="center", fontsize=7, gid=owners,
              color=MUTED if verdict == UNTESTED else ink_on(color))  # fmt: skip


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
)
