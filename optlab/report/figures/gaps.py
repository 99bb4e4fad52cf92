"""Dumbbells: from the training loss of every problem to its test cost, the best validation cost on top."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from optlab.analysis.study import Study
from optlab.report import words
from optlab.report.drawing import panels, scales
from optlab.report.drawing.report_figure import ReportFigure
from optlab.report.drawing.style import BLUE, INK, MUTED, VERMILION

ROW = 0.24  # inches
MAX_PROBLEMS = 30  # problems
FACTOR = 20.0  # between the largest and the smallest test cost, from which the axis is logarithmic
MARKS: dict[str, Any] = {
    "training loss": {"color": BLUE, "marker": "o"},
    "training cost J, with its penalty": {"color": BLUE, "marker": "o", "markerfacecolor": "none"},
    "validation cost": {"color": INK, "marker": "|", "markersize": 11, "markeredgewidth": 1.3},
    "test cost": {"color": VERMILION, "marker": "D"},
}


def gaps(study: Study) -> Figure:
    """From training to test: a dumbbell per problem, a panel for all data that three problems share."""
    table = _with_test(study)
    parts = [part.iloc[:MAX_PROBLEMS] for _, part in table.groupby("data", sort=False)]
    names = [[panels.title(name, part["problem"], 40) for name in part["problem"]] for part in parts]
    left = 0.25 + 0.066 * max(len(name) for own in names for name in own)
    legend, title, below = 0.3, 0.3, 0.5
    heights = [0.2 + ROW * len(part) for part in parts]
    total = legend + sum(heights) + len(parts) * (title + below)
    figure = Figure(figsize=(panels.WIDTH, total))
    top, used = total - legend, set()
    for part, own, height in zip(parts, names, heights, strict=True):
        top -= title + height
        bounds = (left / panels.WIDTH, top / total, 1 - (left + 0.65) / panels.WIDTH, height / total)
        axes = figure.add_axes(bounds)
        used |= _dumbbells(axes, part)
        axes.set_yticks(range(len(part)), own)
        axes.set_title(part["data"].iloc[0])
        top -= below
    shown = [Line2D([], [], linestyle="none", label=name, **MARKS[name]) for name in MARKS if name in used]
    figure.legend(handles=shown, loc="upper left", bbox_to_anchor=(0, 1), ncols=4, borderaxespad=0.3)
    return figure


def _dumbbells(axes: Axes, part: pd.DataFrame) -> set[str]:
    """Draw one data set and return the names of the marks that it has."""
    used = set()
    for row, (_, problem) in enumerate(part.iterrows()):
        known = np.isfinite(problem["train_loss"])
        begin = "training loss" if known else "training cost J, with its penalty"
        test = problem["final_test_cost"]
        marks = {
            begin: problem["train_loss"] if known else problem["final_train_cost"],
            "validation cost": problem["final_validation_cost"],
            "test cost": test,
        }
        axes.plot([marks[begin], test], [row, row], color=MUTED, linewidth=1.2, zorder=2,
                  linestyle="solid" if known else "dotted")  # fmt: skip
        for name, value in marks.items():
            if np.isfinite(value):
                axes.plot([value], [row], linestyle="none", zorder=3, **MARKS[name])
                used.add(name)
        number = words.number(problem["gap"], 2) if known else "–"
        number = f"+{number}" if problem["gap"] > 0 else number
        axes.text(1.02, row, number, transform=axes.get_yaxis_transform(), va="center", fontsize=7)
    axes.text(1.02, -1, "gap", transform=axes.get_yaxis_transform(), va="center", fontsize=7, color=MUTED)
    axes.set_ylim(len(part) - 0.5, -0.5)
    axes.grid(False, axis="y")
    if scales.log_helps(part["final_test_cost"], FACTOR):
        scales.log_axis(axes, "x")
    else:
        axes.set_xlim(left=min(0.0, axes.get_xlim()[0]))
        scales.linear_axis(axes, "x")
    axes.set_xlabel("cost")
    return used


def _with_test(study: Study) -> pd.DataFrame:
    """The rows of `problem_comparison` with a finite test cost."""
    table = study.problem_comparison
    return table[np.isfinite(table["final_test_cost"].astype(float))]


def _obstacle(study: Study) -> str:
    return "No three problems share data with a test part." if _with_test(study).empty else ""


def _caption(study: Study) -> str:
    table = _with_test(study)
    text = "From the training loss to the test cost: medians over the seeds, the number is that of the gap."
    if table["rank"].notna().any():
        text += " Rows are in the order of the validation cost."
    if table.groupby("data").size().max() > MAX_PROBLEMS:
        text += f" The first {MAX_PROBLEMS} problems of every data set are drawn."
    return text


FIGURE = ReportFigure(
    name="gaps",
    section="problems",
    order=20,
    title="From training to test",
    draw=gaps,
    caption=_caption,
    obstacle=_obstacle,
)
