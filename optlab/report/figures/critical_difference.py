"""Critical-difference diagram: mean ranks over the problems, and which of them do not show to differ."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from optlab.analysis.comparison.friedman import Friedman
from optlab.analysis.study import Study
from optlab.report import words
from optlab.report.drawing import panels
from optlab.report.drawing.report_figure import ReportFigure
from optlab.report.drawing.style import INK, look, weight

LINE = 0.23  # inches per optimizer
ABOVE = 0.42  # inches above the axis


def critical_difference(study: Study) -> Figure:
    """Optimizers on the axis of their mean ranks, the best at the left; bars join those within the critical
    difference of one another (see `analysis.friedman`)."""
    test = _test(study)
    lines = -(-len(test.ranks) // 2)
    height = 0.45 + 0.12 * len(test.groups) + LINE * lines
    figure = Figure(figsize=(panels.WIDTH, height + ABOVE))
    axes = figure.add_axes((0.23, 0, 0.54, 1 - (ABOVE + 0.12) / (height + ABOVE)))
    k = len(test.ranks)
    axes.set_xlim(1, k)
    axes.set_ylim(height - 0.12, 0)  # inches below the axis
    axes.xaxis.tick_top()
    axes.set_xticks(range(1, k + 1))
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.spines["top"].set_visible(True)
    axes.set_yticks([])
    axes.grid(False)
    _scale(axes, test)
    below = 0.16
    for group in test.groups:
        ends = test.ranks[group].to_numpy()
        with panels.belongs_to(axes, *group):
            axes.plot(ends[[0, -1]] + [-0.03, 0.03], [below, below], color=INK, linewidth=2.6)
        below += 0.12
    _names(axes, test.ranks, below + 0.1)
    return figure


def _scale(axes: Axes, test: Friedman) -> None:
    """How long the critical difference is, above the axis or, if it is longer than that, in words."""
    length, y = test.critical_difference, -0.38
    text = f"critical difference {length:.2f}"
    if length <= len(test.ranks) - 1:
        axes.plot([1, 1 + length], [y, y], color=INK, linewidth=0.9, marker="|", markersize=4, clip_on=False)
        axes.text(1 + length, y, f"\u00a0\u00a0{text}", va="center", fontsize=7)  # a page drops common spaces
    else:
        axes.text(1, y, f"{text}: longer than the axis", va="center", fontsize=7)


def _names(axes: Axes, ranks: pd.Series, top: float) -> None:
    """The better half is named at the left, the best on top; the others at the right, the last on top."""
    half = -(-len(ranks) // 2)
    k = len(ranks)
    for place, (name, rank) in enumerate(ranks.items()):
        left = place < half
        y = top + LINE * (place if left else k - 1 - place)
        end = 1 - 0.02 * (k - 1) if left else k + 0.02 * (k - 1)
        color, _, marker = look(str(name))
        with panels.belongs_to(axes, str(name)):
            axes.plot([rank, rank, end], [0, y, y], color=color, linewidth=0.9, clip_on=False)
            axes.plot(rank, 0, color=color, marker=marker, markersize=5 * weight(marker), clip_on=False)
            text = f"{panels.clip(str(name), panels.MAX_NAME)}\u00a0\u00a0{rank:.2f}"
            side = np.sign(end - rank) * 0.01 * (k - 1)
            axes.text(end + side, y, text, ha="right" if left else "left", va="center")


def _test(study: Study) -> Friedman:
    assert study.friedman is not None  # else there is an obstacle
    return study.friedman


def _obstacle(study: Study) -> str:
    if study.friedman is None:
        return "Mean ranks need two optimizers that were run on at least two problems."
    return ""


def _caption(study: Study) -> str:
    test = _test(study)
    return (
        f"Mean ranks by {words.metric(study.metric)} over {test.problems} problems, the best at the left. A "
        "bar joins optimizers that Nemenyi's test at 5 % does not tell apart. Friedman's test of equality: "
        f"p = {words.number(test.p, 2)}."
    )


FIGURE = ReportFigure(
    name="critical_difference",
    section="comparisons",
    order=20,
    title="Mean ranks over the problems",
    draw=critical_difference,
    caption=_caption,
    obstacle=_obstacle,
)
