"""Decision regions: what every optimizer's model predicts in the plane of two features."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba_array
from matplotlib.figure import Figure

from optlab.analysis.study import Study
from optlab.analysis.trained.predictions import Extent, extent, margins, on_grid, sample
from optlab.analysis.trained.rebuilt import Rebuilt
from optlab.core.arrays import Array
from optlab.datasets.dataset import Part
from optlab.report import words
from optlab.report.drawing import panels
from optlab.report.drawing.networks import median_run, models, no_plane, per_problem
from optlab.report.drawing.report_figure import ReportFigure, Variant
from optlab.report.drawing.style import AMBER, BLUE, GREEN, GREY, MUTED, PAPER, PINK, SKY, VERMILION, VIOLET
from optlab.report.drawing.tiles import empty, remark, tiles

CLASSES = ((BLUE, "o"), (AMBER, "s"), (GREEN, "^"), (PINK, "D"), (VIOLET, "v"), (SKY, "P"), (VERMILION, "X"),
           (GREY, "h"))  # fmt: skip
POINTS = 200  # of the training data that are drawn
SIZE = 160  # pixels of a region's side
LEVELS = 8  # shades of a class; few colours make small files
BORDER = 4  # shades of the border between regions
DEEPEST = 0.6  # opacity where a class is certain


class Region(NamedTuple):
    """A decision region over time, ready to be drawn."""

    optimizer: str
    extent: Extent
    shades: Array  # (T, size, size) uint8, positions in `palette`
    points: Part  # some of the training data
    features: tuple[str, ...]
    remark: str
    finite: bool  # False: the run diverged


def regions(study: Study, problem: str | None = None) -> Figure:
    """The final decision region of every optimizer for data with two features.

    The deeper the colour, the surer the model; the line is where it changes its mind.

    Args:
        problem: its name; None: the first whose parameters were recorded.

    Raises:
        UserError: no parameters were recorded, or the data cannot be had.
    """
    return draw([region(run, run.final) for run in models(study, problem)])


def region(run: Rebuilt, w: Array, size: int = SIZE) -> Region:
    """What models with the parameters w (T, P) predict around the training data of `run`."""
    where = extent(run.dataset.train.x)
    points = sample(run.dataset.train, POINTS)
    p = np.nan_to_num(on_grid(run, w, where, size))
    return Region(run.optimizer, where, shades(p), points, run.dataset.features, _remark(run), run.finite)


def shades(p: Array) -> Array:
    """Probabilities (T, size, size, C) as positions in `palette`, uint8."""
    n_classes = p.shape[-1]
    sureness = np.clip((p.max(-1) - 1 / n_classes) / (1 - 1 / n_classes), 0, 1)
    color = p.argmax(-1) % len(CLASSES) * LEVELS + np.rint(sureness * (LEVELS - 1)).astype(int)
    # A margin over its slope is the distance to the border in pixels.
    margin = margins(p)
    up, right = np.gradient(margin, axis=(1, 2))
    slope = np.hypot(up, right)
    near = np.clip(1.2 - np.abs(margin) / np.maximum(slope, 1e-12), 0, 1).max(-1)
    border = np.rint(near * BORDER).astype(int)
    return np.where(border > 0, len(CLASSES) * LEVELS + border - 1, color).astype(np.uint8)


def palette() -> Array:
    """Colours (N, 4) uint8: red, green, blue and opacity of the shades of every class, then of the border."""
    colors = np.repeat(to_rgba_array([color for color, _ in CLASSES]), LEVELS, axis=0)
    colors[:, 3] = np.tile(np.linspace(0.06, DEEPEST, LEVELS), len(CLASSES))
    border = np.repeat(to_rgba_array([MUTED]), BORDER, axis=0)
    border[:, 3] = np.linspace(0.25, 1, BORDER)
    return np.rint(255 * np.concatenate([colors, border])).astype(np.uint8)


def draw(items: Sequence[Region]) -> Figure:
    """The last of the regions of every optimizer, side by side."""
    figure, all_axes = tiles([one.optimizer for one in items])
    for axes, one in zip(all_axes, items, strict=True):
        paint(axes, one)
    name_features(all_axes, items)
    return figure


def paint(axes: Axes, one: Region) -> list[Any]:
    """Draw the last region into a tile; returns its image, and then what lies above it."""
    remark(axes, one.remark)
    axes.set_xlim(one.extent.left, one.extent.right)
    axes.set_ylim(one.extent.bottom, one.extent.top)
    if not one.finite:
        empty(axes, "diverged")
        return []
    image = axes.imshow(palette()[one.shades[-1]], extent=one.extent, origin="lower", aspect="auto",
                        interpolation="none")  # fmt: skip
    above: list[Any] = [image]
    for label in np.unique(one.points.y):
        color, marker = CLASSES[label % len(CLASSES)]
        x = one.points.x[one.points.y == label]
        above += axes.plot(x[:, 0], x[:, 1], linestyle="none", marker=marker, markersize=2.8, color=color,
                           markeredgecolor=PAPER, markeredgewidth=0.35)  # fmt: skip
    return above


def name_features(all_axes: Sequence[Axes], items: Sequence[Region]) -> None:
    """Names of the features along the tiles at the left and at the bottom."""
    first, second = items[0].features
    for axes in all_axes:
        cell = axes.get_position()
        if cell.x0 == min(other.get_position().x0 for other in all_axes):
            axes.set_ylabel(panels.clip(second, 24))
        if cell.y0 == min(o.get_position().y0 for o in all_axes if o.get_position().x0 == cell.x0):
            axes.set_xlabel(panels.clip(first, 24))


def _remark(run: Rebuilt) -> str:
    row = run.points.iloc[run.final_row]
    part = next((p for p in ("test", "validation", "train") if np.isfinite(row[f"{p}_accuracy"])), None)
    return f"{words.share(row[f'{part}_accuracy'])} right ({part})" if part else ""


def _variants(study: Study) -> list[Variant]:
    """Of models whose parameters were recorded at the end alone: of others the page shows how they learn."""
    return per_problem(study, "Decision regions", lambda runs: all(len(run.points) == 1 for run in runs))


def _caption(study: Study, problem: str | None) -> str:
    return (
        f"The decision region of every optimizer, {median_run(study, problem)}. The deeper the colour, the "
        f"surer the model; it changes its mind along the grey line. Marks are at most {POINTS} training "
        "points."
    )


FIGURE = ReportFigure(
    name="regions",
    section="learned",
    order=30,
    title="Decision regions",
    draw=regions,
    caption=_caption,
    obstacle=no_plane,
    variants=_variants,
)
