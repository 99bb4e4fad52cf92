"""The path of the parameters over the cost, in the plane in which they move most."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from optlab.analysis.study import Study
from optlab.analysis.trained.minimum import minimum
from optlab.analysis.trained.plane import Plane, costs, plane, sample_size
from optlab.analysis.trained.predictions import Extent, extent
from optlab.analysis.trained.rebuilt import Rebuilt
from optlab.core.arrays import Array
from optlab.report import words
from optlab.report.drawing import panels, scales
from optlab.report.drawing.networks import median_run, models, per_problem
from optlab.report.drawing.report_figure import ReportFigure, Variant
from optlab.report.drawing.style import GREY, INK, MUTED, PAPER, in_order, look, weight

SIZE = 40  # costs along a side
LINES = 14
FINE = 160  # where there are two parameters
REACH = 0.75  # of the way from the start to the nearest minimum: how far beyond them paths are shown
LABELLED = 3  # one line of so many bears its cost
DEPTH = 1e-4  # of the costs' range: the lowest line where valleys are curved
CONVEX = ("logistic", "softmax")  # one minimum: all paths lead to it and share a plane


class Landscape(NamedTuple):
    """The cost on a plane, and the paths over it."""

    paths: dict[str, Array]  # (T, 2) by optimizer
    axes: tuple[str, str]  # what they are called
    extent: Extent
    costs: Array  # (size, size)
    minima: Array | None = None  # (k, 2); None: unknown, or there are more than two parameters
    curved: bool = False  # whether valleys may be curved, as those of formulas
    labelled: bool = False  # whether lines of equal cost bear it


def path(study: Study, problem: str | None = None) -> Figure:
    """The recorded parameters of every optimizer over the contours of the training cost.

    The plane is that of the two leading principal directions of the parameters, or of the parameters
    themselves where there are two. Paths share a panel there and where the cost is convex; on other costs
    every path has a plane of its own.

    Args:
        problem: its name; None: the first whose parameters were recorded, along the way too
            (``training.record_parameters=all``).

    Raises:
        UserError: no parameters were recorded, or the data cannot be had.
    """
    return draw(landscapes(models(study, problem)))


def landscapes(runs: Sequence[Rebuilt]) -> list[Landscape]:
    """The planes of all runs that move through numbers."""
    return [_landscape(group) for group in _groups(runs)]


def _groups(runs: Sequence[Rebuilt]) -> list[list[Rebuilt]]:
    """The runs that share a plane."""
    groups: dict[str, list[Rebuilt]] = {}
    for run in runs:
        if len(finite(run)) > 1 and run.model.n_parameters > 1:
            shared = run.config["model"]["name"] in CONVEX or run.model.n_parameters == 2
            groups.setdefault(str(run.config["dataset"]) if shared else run.optimizer, []).append(run)
    return list(groups.values())


def finite(run: Rebuilt) -> Array:
    """The recorded parameters (T, P) up to where the run diverged."""
    return run.parameters[np.isfinite(run.parameters).all(1)]


def _landscape(runs: list[Rebuilt]) -> Landscape:
    if runs[0].minima is not None:
        return _of_formula(runs, runs[0].minima)
    least = None
    if runs[0].model.n_parameters == 2:
        of, names = Plane(np.zeros(2), np.eye(2), np.zeros(2)), _names(runs[0])
        least = minimum(runs)
    else:
        of = plane([finite(run) for run in runs])
        first, second = map(words.share, of.explained)
        names = f"direction 1 ({first} of the movement)", f"direction 2 ({second})"
    paths = {run.optimizer: of.coordinates(finite(run)) for run in runs}
    shown = [*paths.values(), *([] if least is None else [least])]
    where = extent(np.concatenate(shown), margin=0.2)
    return Landscape(
        paths, names, where, costs(runs[0], of, where, SIZE), least, labelled=runs[0].model.n_parameters == 2
    )


def _names(run: Rebuilt) -> tuple[str, str]:
    """What the two parameters of a model are called."""
    features = run.dataset.features
    if len(features) == 2:
        return f"weight of {panels.clip(features[0])}", f"weight of {panels.clip(features[1])}"
    return (
        (f"weight of {panels.clip(features[0])}", "intercept") if run.model.n_features == 1 else ("w₁", "w₂")
    )


def _of_formula(runs: list[Rebuilt], minima: Array) -> Landscape:
    """The plane of two parameters, around the start and the minimum that is nearest to it."""
    of = Plane(np.zeros(2), np.eye(2), np.zeros(2))
    paths = {run.optimizer: finite(run) for run in runs}
    start = next(iter(paths.values()))[0]
    nearest = minima[np.linalg.norm(minima - start, axis=1).argmin()]
    reach = REACH * max(float(np.abs(start - nearest).max()), 1e-9)
    low, high = np.minimum(start, nearest) - reach, np.maximum(start, nearest) + reach
    where = extent(np.clip(np.concatenate([*paths.values(), nearest[None]]), low, high))
    return Landscape(paths, ("w₁", "w₂"), where, costs(runs[0], of, where, FINE), minima, True, True)


def draw(planes: Sequence[Landscape]) -> Figure:
    """Every landscape in a panel."""
    shared = in_order(name for one in planes if len(one.paths) > 1 for name in one.paths)
    figure, cells = panels.frame(len(planes), shared, height=2.5)
    for one, cell in zip(planes, cells, strict=True):
        axes = figure.add_subplot(cell)
        if len(one.paths) == 1:
            axes.set_title(panels.clip(next(iter(one.paths))))
        _contours(axes, one)
        for name in reversed(in_order(one.paths)):
            with panels.belongs_to(axes, name):
                _path(axes, one.paths[name], name)
        if one.minima is not None:
            axes.plot(*one.minima.T, color=INK, marker="+", markersize=15, linestyle="none", zorder=2.5)
            axes.set_xlim(one.extent.left, one.extent.right)
            axes.set_ylim(one.extent.bottom, one.extent.top)
        axes.set_xlabel(one.axes[0])
        axes.set_ylabel(one.axes[1])
        scales.linear_axis(axes, "x")
        scales.linear_axis(axes, "y")
    return figure


def _contours(axes: Axes, one: Landscape) -> None:
    """Lines of equal cost, evenly apart on a quadratic bowl, in equal ratios of what is above the minimum of
    a formula; the darker the ground, the higher the cost."""
    axes.grid(False)
    known = one.costs[np.isfinite(one.costs)]
    if not len(known) or not known.max() > known.min():
        return
    heights = np.linspace(0, 1, LINES + 1)
    shares = heights**2
    if one.curved:
        shares = np.append(0, np.geomspace(DEPTH, 1, LINES))
    levels = known.min() + shares * (known.max() - known.min())
    first = np.linspace(one.extent.left, one.extent.right, len(one.costs))
    second = np.linspace(one.extent.bottom, one.extent.top, len(one.costs))
    shades = [to_rgba(GREY, 0.4 * height) for height in heights[:-1]]
    axes.contourf(first, second, one.costs, levels, colors=shades, antialiased=False)  # no seams between them
    lines = axes.contour(first, second, one.costs, levels[1:-1], colors=MUTED, linewidths=0.45, alpha=0.7)
    if one.labelled:
        axes.clabel(
            lines,
            levels[LABELLED:-1:LABELLED],
            fmt=lambda level: words.number(level, 2),
            fontsize=6,
            colors=INK,
        )


def _path(axes: Axes, points: Array, optimizer: str) -> None:
    color, dash, marker = look(optimizer)
    axes.plot(*points.T, color=color, linestyle=dash, linewidth=1.2)
    axes.plot(*points.T, color=color, linestyle="none", marker=".", markersize=2.5)
    axes.plot(*points[:1].T, color=PAPER, marker="o", markersize=4.5, markeredgecolor=color,
              linestyle="none", zorder=3)  # fmt: skip
    axes.plot(*points[-1:].T, color=color, marker=marker, markersize=7 * weight(marker),
              markeredgecolor=PAPER, markeredgewidth=0.7, linestyle="none", zorder=4)  # fmt: skip


def _obstacle(study: Study, problem: str | None) -> str:
    return (
        ""
        if _groups(models(study, problem))
        else "No optimizer has more than one recorded point of parameters."
    )


def _variants(study: Study) -> list[Variant]:
    return per_problem(study, "Paths of the parameters", lambda runs: bool(_groups(runs)))


def _caption(study: Study, problem: str | None) -> str:
    runs = models(study, problem)
    text = f"The path of every optimizer, {median_run(study, problem)}, over contours of the training cost"
    if runs[0].minima is not None:
        return text + "; a ring is the start, a cross a minimum. Where a path leaves the picture, it goes on."
    if runs[0].model.n_parameters == 2:
        return text + " over its two parameters; a ring is the start, a cross the certified minimum."
    text += " in the plane of the two leading principal directions; a ring is the start."
    if len(_groups(runs)) > 1:
        text += " Each path has a plane of its own."
    n = min(sample_size(run, SIZE) for run in runs)
    if n < len(runs[0].dataset.train.y):
        text += f" Costs are of {words.count(n)} training samples."
    return text


FIGURE = ReportFigure(
    name="path",
    section="learned",
    order=40,
    title="Paths of the parameters",
    draw=path,
    caption=_caption,
    obstacle=_obstacle,
    variants=_variants,
)
