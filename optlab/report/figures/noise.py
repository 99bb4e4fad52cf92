"""Answers to pure noise: a model must name a class even where there is nothing to see."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from optlab.analysis.trained.predictions import noise, probabilities
from optlab.analysis.trained.rebuilt import Rebuilt, Results, models
from optlab.core.arrays import Array
from optlab.report import words
from optlab.report.drawing import panels
from optlab.report.drawing.style import BLUE, INK, MUTED, mark
from optlab.report.drawing.tiles import by_optimizer

IMAGES = 1000


class Guesses(NamedTuple):
    """What one optimizer's model makes of noise."""

    optimizer: str
    shares: Array  # (C,) of the noise that is taken for each class
    confidence: float  # median probability of the answers
    classes: tuple[str, ...]


@panels.styled
def noise_answers(results: Results, problem: str | None = None, metric: str = "final_train_cost") -> Figure:
    """The classes that models see in noise, and how sure they are of it.

    Args:
        results: with recorded parameters.
        problem: one of the problems of `results`; None: the first whose parameters were recorded.
        metric: what the setting of every optimizer, and the run that stands for it, are chosen by.

    Raises:
        UserError: no parameters were recorded, or the data cannot be had.
    """
    return draw([guesses(run) for run in by_optimizer(models(results, problem, metric))])


def guesses(run: Rebuilt) -> Guesses:
    """The answers of a run's final model to noise; all NaN if it diverged."""
    p = probabilities(run, run.final, noise(run.dataset, IMAGES))[0]
    counts = np.bincount(p.argmax(1), minlength=p.shape[1])
    shares = counts / IMAGES if run.finite else np.full(p.shape[1], np.nan)
    return Guesses(run.optimizer, shares, float(np.median(p.max(1))), run.dataset.classes)


@panels.styled
def draw(found: Sequence[Guesses]) -> Figure:
    """A row per optimizer, a column per class; the deeper the colour, the more noise is taken for it."""
    classes = [panels.clipped(name, 12) for name in found[0].classes]
    longest = max(map(len, classes))
    above = 0.35 + (0.07 * longest if longest > 2 else 0.1)
    left, right = 0.3 + 0.075 * max(len(panels.clipped(one.optimizer, 18)) for one in found), 0.85
    height = 0.28 * len(found)
    total = above + height + 0.1
    figure = Figure(figsize=(panels.WIDTH, total))
    axes = figure.add_axes(
        (left / panels.WIDTH, 0.1 / total, 1 - (left + right) / panels.WIDTH, height / total)
    )
    axes.grid(False)
    shares = np.nan_to_num([one.shares for one in found])
    shades = np.empty((*shares.shape, 4))
    shades[...] = to_rgba(BLUE)
    shades[..., 3] = shares
    axes.imshow(shades, interpolation="none", aspect="auto")
    for row, one in enumerate(found):
        name = axes.text(-0.6, row, panels.clipped(one.optimizer, 18), ha="right", va="center")
        sure = words.share(round(one.confidence, 3)) if np.isfinite(one.shares).all() else "diverged"
        told = axes.text(len(classes) - 0.4, row, sure, ha="left", va="center")
        for text in (name, told):
            text.set_gid(mark(one.optimizer))
        for column in map(int, np.flatnonzero(np.nan_to_num(one.shares) >= 0.005)):
            share = one.shares[column]
            axes.text(column, row, f"{100 * share:.0f} %", ha="center", va="center", fontsize=6.5,
                      color="white" if share > 0.6 else INK)  # fmt: skip
    axes.set_xticks(range(len(classes)), classes, rotation=90 if longest > 2 else 0)
    axes.set_yticks([])
    axes.tick_params(length=0, top=False, labeltop=True, bottom=False, labelbottom=False)
    axes.text(
        len(classes) - 0.4, -0.6, "median\nprobability", ha="left", va="bottom", fontsize=6.5, color=MUTED
    )
    return figure
