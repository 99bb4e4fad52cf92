"""Heat maps: the final cost over two hyperparameters of an optimizer that were swept together."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm, Normalize
from matplotlib.figure import Figure

from optlab.analysis.study import Study
from optlab.report import words
from optlab.report.drawing import outcome, panels, scales
from optlab.report.drawing.cells import draw_cells
from optlab.report.drawing.report_figure import ReportFigure
from optlab.report.drawing.style import INK, MUTED, in_order
from optlab.report.drawing.tiles import remark, tiles
from optlab.training.metrics import higher_is_better

COLORS = "cividis"
WRITTEN = 8  # columns of cells up to which their numbers are written
TICKS = 7


def heatmap(study: Study) -> Figure:
    """Median of the metric over the two options; a panel per problem and optimizer.

    The brighter, the better. The ring is the setting that the optimizer is judged by; a cross marks settings
    at which a run diverged.
    """
    table = outcome.table(study, "surfaces")
    groups = {key: part for key, part in table.groupby(["problem", "optimizer"], sort=True)}
    problems = panels.first_problems(table["problem"])
    keys = [(p, o) for p in problems for o in in_order(o for problem, o in groups if problem == p)]
    figure, all_axes = tiles([optimizer for _, optimizer in keys], left=0.6, gap=0.7, below=0.5, widest=2.6)
    for axes, (problem, optimizer) in zip(all_axes, keys, strict=True):
        medians = table.loc[table["problem"] == problem, "median"].astype(float)
        known = medians[np.isfinite(medians)]
        _surface(axes, groups[problem, optimizer], known, higher_is_better(study.metric))
        if len(problems) > 1:
            remark(axes, panels.title(problem, problems, 20))
    return figure


def _surface(axes: Axes, part: pd.DataFrame, known: pd.Series, higher: bool) -> None:
    """One table of cells; `known` is all finite medians that share its colours."""
    grid = (
        part.pivot(index="y", columns="x", values="median").astype(float).replace([np.inf, -np.inf], np.nan)
    )
    failed = part.pivot(index="y", columns="x", values="diverged").to_numpy() > 0
    low, high = (known.min(), known.max()) if len(known) else (0.0, 1.0)
    log = not higher and scales.log_helps(known)
    norm = LogNorm(low, high) if log and high > low else Normalize(low, max(high, low + 1e-12))
    values = grid.to_numpy()
    texts = np.array([["" if no else words.number(value, 2) for value, no in zip(*row, strict=True)]
                      for row in zip(values, failed, strict=True)])  # fmt: skip
    written = values.shape[1] <= WRITTEN
    draw_cells(
        axes, values, texts if written else None, 5.5, norm=norm, cmap=COLORS if higher else f"{COLORS}_r"
    )
    axes.invert_yaxis()
    rows, columns = np.nonzero(failed)
    axes.plot(columns + 0.5, rows + 0.5, linestyle="none", marker="x", color=MUTED, markersize=5)
    for _, best in part[part["best"]].iterrows():
        place = grid.columns.get_loc(best["x"]) + 0.5, grid.index.get_loc(best["y"]) + 0.5
        axes.plot(*place, marker="o", markersize=19 if written else 9, markerfacecolor="none",
                  markeredgecolor=INK, markeredgewidth=1.1, clip_on=False)  # fmt: skip
    _ticks(axes, "x", grid.columns.to_numpy(float))
    _ticks(axes, "y", grid.index.to_numpy(float))
    axes.set_xlabel(_option(part["first"].iloc[0]))
    axes.set_ylabel(_option(part["second"].iloc[0]))


def _ticks(axes: Axes, which: str, values: np.ndarray) -> None:
    places = np.arange(0, len(values), -(-len(values) // TICKS))
    labels = [words.rate(float(f"{value:.3g}")) for value in values[places]]
    getattr(axes, f"set_{which}ticks")(places + 0.5, labels, fontsize=6.5, rotation=0)


def _option(name: str) -> str:
    return "learning rate" if name == "lr" else name


def _obstacle(study: Study) -> str:
    return "No optimizer has two numbers that were swept." if study.surfaces.empty else ""


def _caption(study: Study) -> str:
    return (
        f"Median {outcome.name(study)} over two hyperparameters that were swept together, at the best "
        "of any others. Brighter is better. The ring is the chosen setting; a cross marks settings at which "
        "a run diverged."
    )


FIGURE = ReportFigure(
    name="heatmap",
    section="sensitivity",
    order=20,
    title="Two hyperparameters",
    draw=heatmap,
    caption=_caption,
    obstacle=_obstacle,
    seaborn=True,
)
