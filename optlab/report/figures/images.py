"""What models of images have learned: the weights of their first layer, and their worst mistakes."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from optlab.analysis.trained.predictions import Answers, answers, first_layer, held_out, worst
from optlab.analysis.trained.rebuilt import Rebuilt, Results, models, unscaled
from optlab.core.arrays import Array
from optlab.report import words
from optlab.report.drawing import panels
from optlab.report.drawing.style import GREY
from optlab.report.drawing.tiles import by_optimizer, empty, remark, tiles

UNITS = 10  # images of weights of an optimizer
MISTAKES = 8
GAP = 0.12  # between images, as a share of their height


class Gallery(NamedTuple):
    """A row of images of one optimizer."""

    optimizer: str
    images: Array  # (K, height, width), between 0 and 1
    labels: tuple[str, ...]  # below them
    remark: str = ""
    why_empty: str = ""


@panels.styled
def weights(results: Results, problem: str | None = None, metric: str = "final_train_cost") -> Figure:
    """The weights between pixels and the first layer, as images, for every optimizer.

    Args:
        results: with recorded parameters, of data that are images.
        problem: one of the problems of `results`; None: the first whose parameters were recorded.
        metric: what the setting of every optimizer, and the run that stands for it, are chosen by.

    Raises:
        UserError: no parameters were recorded, or the data cannot be had.
    """
    found = by_optimizer(models(results, problem, metric))
    return draw_weights([weights_of(run) for run in found]) if found[0].dataset.shape else _no_images(found)


@panels.styled
def mistakes(results: Results, problem: str | None = None, metric: str = "final_train_cost") -> Figure:
    """The images that every optimizer's model is most wrong about; arguments as of `weights`."""
    found = by_optimizer(models(results, problem, metric))
    if not found[0].dataset.shape:
        return _no_images(found)
    return draw_mistakes([mistakes_of(run, answers(run)) for run in found])


def weights_of(run: Rebuilt) -> Gallery:
    """The strongest units of the first layer; the classes themselves where there is no hidden layer."""
    w, classes = first_layer(run), run.dataset.classes
    if not run.finite:
        return Gallery(run.optimizer, np.empty((0, *_shape(run))), (), why_empty="diverged")
    of_classes = len(w) == len(classes)
    order = np.argsort(-np.linalg.norm(w, axis=1), kind="stable")
    shown = np.arange(min(len(w), UNITS)) if of_classes else order[:UNITS]
    scale = np.quantile(np.abs(w[shown]), 0.995) or 1.0
    images = np.clip(0.5 + 0.5 * w[shown] / scale, 0, 1).reshape(-1, *_shape(run))
    labels = [panels.clipped(classes[unit], 9) if of_classes else "" for unit in shown]
    units = f"{len(shown)} of {len(w)} units" if not of_classes else ""
    return Gallery(run.optimizer, images, tuple(labels), units)


def mistakes_of(run: Rebuilt, found: Answers) -> Gallery:
    """The wrong answers given with most confidence."""
    if not run.finite:
        return Gallery(run.optimizer, np.empty((0, *_shape(run))), (), why_empty="diverged")
    rows, classes = worst(found, MISTAKES), run.dataset.classes
    x = held_out(unscaled(run))[1].x
    images = (x[rows] / max(float(x.max()), 1e-9)).reshape(-1, *_shape(run))
    said = [(classes[found.y[r]], classes[found.predicted[r]], found.probabilities[r].max()) for r in rows]
    labels = tuple(
        f"{panels.clipped(true, 9)} → {panels.clipped(answer, 9)}\n{words.share(round(float(p), 3))}"
        for true, answer, p in said
    )
    n = int((found.predicted != found.y).sum())
    told = f"{words.count(n)} of {words.count(len(found.y))} {found.part} images wrong"
    return Gallery(run.optimizer, images, labels, told, why_empty="no mistake")


@panels.styled
def draw_weights(found: Sequence[Gallery]) -> Figure:
    """A row of images for every optimizer, white where a weight is 0."""
    return _rows(found, "PuOr_r", 0.16 if any(any(one.labels) for one in found) else 0.0)


@panels.styled
def draw_mistakes(found: Sequence[Gallery]) -> Figure:
    """A row of images for every optimizer: the true class, the answer and its probability."""
    return _rows(found, "Greys", 0.3)


def _rows(found: Sequence[Gallery], colors: str, labels: float) -> Figure:
    most = max([len(one.images) for one in found] + [1])
    height, width = found[0].images.shape[1:]
    cell = width + GAP * height  # of an image, in pixels
    aspect = height / (most * cell)
    figure, placed = tiles(
        [one.optimizer for one in found], aspect, columns=1, left=0.1, below=0.1 + labels, widest=panels.WIDTH
    )
    for axes, one in zip(placed, found, strict=True):
        _row(axes, one, colors, most * cell)
    return figure


def _row(axes: Axes, one: Gallery, colors: str, pixels: float) -> None:
    for spine in axes.spines.values():
        spine.set_visible(False)
    height, width = one.images.shape[1:]
    axes.set_xlim(0, pixels)
    axes.set_ylim(height, 0)
    remark(axes, one.remark)
    if not len(one.images):
        empty(axes, one.why_empty)
    for place, (image, label) in enumerate(zip(one.images, one.labels, strict=True)):
        left = place * (width + GAP * height)
        shown = np.rint(255 * colormaps[colors](image)).astype(np.uint8)
        axes.imshow(shown, extent=(left, left + width, height, 0), interpolation="none", aspect="auto")
        axes.plot([left, left + width, left + width, left, left], [0, 0, height, height, 0],
                  color=GREY, linewidth=0.4, clip_on=False)  # fmt: skip
        axes.text(
            left + width / 2, 1.04 * height, label, ha="center", va="top", fontsize=6.5, linespacing=1.1
        )


def _shape(run: Rebuilt) -> tuple[int, ...]:
    assert run.dataset.shape is not None
    return run.dataset.shape


def _no_images(found: Sequence[Rebuilt]) -> Figure:
    return panels.nothing(f"The data of {found[0].problem} are not images.")
