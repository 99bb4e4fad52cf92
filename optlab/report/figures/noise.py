"""Answers to pure noise: a model must name a class even where there is nothing to see."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from optlab.analysis.study import Study
from optlab.analysis.trained import predictions
from optlab.analysis.trained.rebuilt import Rebuilt
from optlab.core.arrays import Array
from optlab.report import words
from optlab.report.drawing import panels
from optlab.report.drawing.cells import BLUES, draw_cells
from optlab.report.drawing.networks import median_run, models, of_images, per_problem
from optlab.report.drawing.report_figure import ReportFigure, Variant
from optlab.report.drawing.style import MUTED, mark

IMAGES = 1000


class Guesses(NamedTuple):
    """What one optimizer's model makes of noise."""

    optimizer: str
    shares: Array  # (C,) of the noise that is taken for each class
    confidence: float  # median probability of the answers
    classes: tuple[str, ...]


def noise(study: Study, problem: str | None = None) -> Figure:
    """The classes that models see in noise, and how sure they are of it.

    Args:
        problem: its name; None: the first whose parameters were recorded.

    Raises:
        UserError: no parameters were recorded, or the data cannot be had.
    """
    return draw([guesses(run) for run in models(study, problem)])


def guesses(run: Rebuilt) -> Guesses:
    """The answers of a run's final model to noise; all NaN if it diverged."""
    p = predictions.probabilities(run, run.final, predictions.noise(run.dataset, IMAGES))[0]
    counts = np.bincount(p.argmax(1), minlength=p.shape[1])
    shares = counts / IMAGES if run.finite else np.full(p.shape[1], np.nan)
    return Guesses(run.optimizer, shares, float(np.median(p.max(1))), run.dataset.classes)


def draw(rows: Sequence[Guesses]) -> Figure:
    """A row per optimizer, a column per class; the deeper the colour, the more noise is taken for it."""
    classes = [panels.clip(name, 12) for name in rows[0].classes]
    longest = max(map(len, classes))
    above = 0.35 + (0.07 * longest if longest > 2 else 0.1)
    left, right = 0.3 + 0.075 * max(len(panels.clip(one.optimizer, 18)) for one in rows), 0.85
    height = 0.28 * len(rows)
    total = above + height + 0.1
    figure = Figure(figsize=(panels.WIDTH, total))
    axes = figure.add_axes(
        (left / panels.WIDTH, 0.1 / total, 1 - (left + right) / panels.WIDTH, height / total)
    )
    shares = np.array([one.shares for one in rows])
    texts = np.where(
        np.nan_to_num(shares) >= 0.005, [[f"{100 * share:.0f} %" for share in row] for row in shares], ""
    )
    draw_cells(axes, shares, texts, cmap=BLUES, vmin=0, vmax=1)
    for row, one in enumerate(rows):
        name = axes.text(-0.1, row + 0.5, panels.clip(one.optimizer, 18), ha="right", va="center")
        sure = words.share(round(one.confidence, 3)) if np.isfinite(one.shares).all() else "diverged"
        confidence = axes.text(len(classes) + 0.1, row + 0.5, sure, ha="left", va="center")
        for text in (name, confidence):
            text.set_gid(mark(one.optimizer))
    axes.set_xticks(np.arange(len(classes)) + 0.5, classes, rotation=90 if longest > 2 else 0)
    axes.set_yticks([])
    axes.tick_params(length=0, top=False, labeltop=True, bottom=False, labelbottom=False)
    axes.text(
        len(classes) + 0.1, -0.1, "median\nprobability", ha="left", va="bottom", fontsize=6.5, color=MUTED
    )
    return figure


def _variants(study: Study) -> list[Variant]:
    return per_problem(study, "Answers to noise", of_images)


def _caption(study: Study, problem: str | None) -> str:
    return (
        f"What each optimizer's model sees in {words.count(IMAGES)} images of pure noise, "
        f"{median_run(study, problem)}: the share taken for each class, and the median probability of the "
        "answers."
    )


FIGURE = ReportFigure(
    name="noise",
    section="learned",
    order=70,
    title="Answers to noise",
    draw=noise,
    caption=_caption,
    variants=_variants,
    seaborn=True,
)
