"""Heat maps: the final cost over two hyperparameters of an optimizer that were swept together."""

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm, Normalize
from matplotlib.figure import Figure

from optlab.analysis.problem.outcomes import higher_is_better
from optlab.analysis.study import Study
from optlab.report import words
from optlab.report.drawing import panels
from optlab.report.drawing.report_figure import ReportFigure
from optlab.report.drawing.style import DARK, INK, LIGHT, MUTED, in_order
from optlab.report.drawing.tiles import remark, tiles

COLORS = "cividis"
WRITTEN = 8  # columns of cells up to which their numbers are written
TICKS = 7


def heatmap(study: Study) -> Figure:
    """Median of the metric over the two options; a panel per problem and optimizer.

    The brighter, the better. The ring is the setting that the optimizer is judged by; a cross marks settings
    at which a run diverged.
    """
    table, metric = study.surfaces, study.metric
    groups = {key: part for key, part in table.groupby(["problem", "optimizer"], sort=True)}
    problems = panels.shown(table["problem"])
    keys = [(p, o) for p in problems for o in in_order(o for problem, o in groups if problem == p)]
    figure, placed = tiles([optimizer for _, optimizer in keys], left=0.6, gap=0.7, below=0.5, widest=2.6)
    for axes, (problem, optimizer) in zip(placed, keys, strict=True):
        _surface(axes, groups[problem, optimizer], table[table["problem"] == problem], metric)
        if len(problems) > 1:
            remark(axes, panels.title(problem, problems, 20))
    return figure


def _surface(axes: Axes, part: pd.DataFrame, whole: pd.DataFrame, metric: str) -> None:
    x, y = np.sort(part["x"].unique()), np.sort(part["y"].unique())
    column, row = np.searchsorted(x, part["x"]), np.searchsorted(y, part["y"])
    median, higher = part["median"].to_numpy(float), higher_is_better(metric)
    known = whole.loc[np.isfinite(whole["median"].astype(float)), "median"].to_numpy(float)
    low, high = (known.min(), known.max()) if len(known) else (0.0, 1.0)
    log = not higher and panels.log_helps(known)
    norm = LogNorm(low, high) if log and high > low else Normalize(low, max(high, low + 1e-12))
    goodness = np.ma.filled(norm(np.where(np.isfinite(median), median, high)), 0.0)
    goodness = goodness if higher else 1 - goodness
    cells = np.zeros((len(y), len(x), 4))
    cells[row, column] = colormaps[COLORS](goodness)
    cells[row[~np.isfinite(median)], column[~np.isfinite(median)]] = 0
    axes.imshow(cells, origin="lower", interpolation="none", aspect="auto")
    for r, c, value, bright, share in zip(row, column, median, goodness, part["diverged"], strict=True):
        ink = INK if not np.isfinite(value) else DARK if bright > 0.55 else LIGHT
        if share > 0:
            axes.plot([c], [r], marker="x", color=MUTED if not np.isfinite(value) else ink, markersize=5)
        elif len(x) <= WRITTEN:
            axes.text(c, r, words.number(value, 2), ha="center", va="center", fontsize=5.5, color=ink)
    for r, c in zip(row[part["best"]], column[part["best"]], strict=True):
        axes.plot([c], [r], marker="o", markersize=19 if len(x) <= WRITTEN else 9, markerfacecolor="none",
                  markeredgecolor=INK, markeredgewidth=1.1, clip_on=False)  # fmt: skip
    _ticks(axes, "x", x)
    _ticks(axes, "y", y)
    axes.set_xlabel(_option(part["first"].iloc[0]))
    axes.set_ylabel(_option(part["second"].iloc[0]))


def _ticks(axes: Axes, which: str, values: np.ndarray) -> None:
    places = np.arange(0, len(values), -(-len(values) // TICKS))
    labels = [words.rate(float(f"{value:.3g}")) for value in values[places]]
    getattr(axes, f"set_{which}ticks")(places, labels, fontsize=6.5)


def _option(name: str) -> str:
    return "learning rate" if name == "lr" else name


def _obstacle(study: Study) -> str:
    return "No optimizer has two numbers that were swept." if study.surfaces.empty else ""


def _caption(study: Study) -> str:
    return (
        f"Median {words.metric(study.metric)} over two hyperparameters that were swept together, at the best "
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
)
