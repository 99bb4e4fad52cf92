"""The confusion matrix: which classes every optimizer's model takes for which others."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from optlab.analysis.study import Study
from optlab.analysis.trained import predictions
from optlab.analysis.trained.rebuilt import Rebuilt
from optlab.core.arrays import Array
from optlab.report import words
from optlab.report.drawing import panels
from optlab.report.drawing.cells import BLUES, draw_cells
from optlab.report.drawing.networks import median_run, models, of_images, per_problem
from optlab.report.drawing.report_figure import ReportFigure, Variant
from optlab.report.drawing.style import MUTED, RULE
from optlab.report.drawing.tiles import empty, remark, tiles

MAX_CLASSES = 15  # more numbers cannot be read


class Matrix(NamedTuple):
    """The confusion matrix of one optimizer's model."""

    optimizer: str
    counts: Array  # (C, C), a row per true class
    classes: tuple[str, ...]
    part: str  # of the data
    finite: bool


def confusion(study: Study, problem: str | None = None) -> Figure:
    """Confusion matrices on the test data: a row per true class, a column per answer.

    Args:
        problem: its name; None: the first whose parameters were recorded.

    Raises:
        UserError: no parameters were recorded, or the data cannot be had.
    """
    return draw([matrix(run) for run in models(study, problem)])


def matrix(run: Rebuilt) -> Matrix:
    """The confusion matrix of a run's final model."""
    answers = predictions.answers(run)
    return Matrix(
        run.optimizer, predictions.confusion(answers), run.dataset.classes, answers.part, run.finite
    )


def draw(matrices: Sequence[Matrix]) -> Figure:
    """The matrices side by side; the more mistakes, the deeper the colour. Right answers stand in grey."""
    classes = matrices[0].classes
    longest = max(len(panels.clip(name, 12)) for name in classes)
    room = 0.3 + 0.07 * longest
    figure, all_axes = tiles(
        [one.optimizer for one in matrices], left=room, gap=room,
        below=0.3 + (0.07 * longest if longest > 2 else 0.12), widest=2.6,
    )  # fmt: skip
    worst = max([(one.counts - np.diag(np.diag(one.counts))).max() for one in matrices] + [1])
    for axes, one in zip(all_axes, matrices, strict=True):
        _matrix(axes, one, int(worst))
    return figure


def _matrix(axes: Axes, one: Matrix, worst: int) -> None:
    n, right = len(one.classes), np.trace(one.counts)
    if not one.finite:
        empty(axes, "diverged")
        return
    remark(axes, f"{words.share(round(right / one.counts.sum(), 4))} right ({one.part})")
    cell = axes.bbox.width / axes.figure.dpi / n  # inches
    size = min(7.0, 75 / n, 115 * cell / len(str(one.counts.max())))
    mistakes = np.where(np.eye(n, dtype=bool), np.nan, one.counts)
    texts = np.where(one.counts > 0, one.counts.astype(str), "")
    draw_cells(axes, mistakes, texts, size, cmap=BLUES, norm=PowerNorm(0.5, 0, worst))
    for place, count in enumerate(np.diag(one.counts)):
        axes.add_patch(Rectangle((place, place), 1, 1, facecolor=RULE, alpha=0.6))
        axes.text(place + 0.5, place + 0.5, str(count), ha="center", va="center", fontsize=size, color=MUTED)
    names = [panels.clip(name, 12) for name in one.classes]
    upright = max(map(len, names)) > 2
    axes.set_xticks(np.arange(n) + 0.5, names, rotation=90 if upright else 0, fontsize=6.5)
    axes.set_yticks(np.arange(n) + 0.5, names, rotation=0, fontsize=6.5)
    axes.set_ylabel("true class", fontsize=7)
    axes.set_xlabel("answer", fontsize=7)


def _obstacle(study: Study, problem: str | None) -> str:
    run = models(study, problem)[0]
    n = len(run.dataset.classes)
    return f"{run.problem} has {n} classes, more than can be read." if n > MAX_CLASSES else ""


def _variants(study: Study) -> list[Variant]:
    return per_problem(study, "Confusion", of_images)


def _caption(study: Study, problem: str | None) -> str:
    part = predictions.held_out(models(study, problem)[0].dataset)[0]
    return (
        f"How many {part} images of the class of a row each optimizer's model takes for the class of a "
        f"column, {median_run(study, problem)}. Right answers are grey; the deeper the blue, the more "
        "frequent the mistake."
    )


FIGURE = ReportFigure(
    name="confusion",
    section="learned",
    order=50,
    title="Confusion",
    draw=confusion,
    caption=_caption,
    obstacle=_obstacle,
    seaborn=True,
    variants=_variants,
)
