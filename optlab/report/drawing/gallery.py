"""Rows of images, one for each optimizer."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from optlab.analysis.trained.rebuilt import Rebuilt
from optlab.core.arrays import Array
from optlab.report.drawing import panels
from optlab.report.drawing.style import GREY
from optlab.report.drawing.tiles import empty, remark, tiles

GAP = 0.12  # between images, as a share of their height


class Gallery(NamedTuple):
    """A row of images of one optimizer."""

    optimizer: str
    images: Array  # (K, height, width), between 0 and 1
    labels: tuple[str, ...]  # below them
    remark: str = ""
    why_empty: str = ""


def shape(run: Rebuilt) -> tuple[int, ...]:
    """Height and width of the images that a model is of."""
    assert run.dataset.shape is not None
    return run.dataset.shape


def diverged(run: Rebuilt) -> Gallery:
    """The row of a run that has no images to show."""
    return Gallery(run.optimizer, np.empty((0, *shape(run))), (), why_empty="diverged")


def draw(rows: Sequence[Gallery], colors: str, labels: float) -> Figure:
    """The rows below each other.

    Args:
        rows: what they hold.
        colors: a colormap of matplotlib.
        labels: room for the labels below the images, in inches.
    """
    most = max([len(one.images) for one in rows] + [1])
    height, width = rows[0].images.shape[1:]
    cell = width + GAP * height  # of an image, in pixels
    aspect = height / (most * cell)
    figure, all_axes = tiles(
        [one.optimizer for one in rows], aspect, columns=1, left=0.1, below=0.1 + labels, widest=panels.WIDTH
    )
    for axes, one in zip(all_axes, rows, strict=True):
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
