"""Ranks: how often every optimizer came first, second, and so on."""

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from optlab.analysis.study import Study
from optlab.report import words
from optlab.report.drawing import panels
from optlab.report.drawing.report_figure import ReportFigure
from optlab.report.drawing.style import DARK, LIGHT, PAPER, mark

ROW = 0.26  # inches
MAX_NAME = 18  # characters of a name


def ranks(study: Study) -> Figure:
    """A bar per optimizer, divided by its ranks over all problems and seeds; the most often first on top."""
    shares = pd.crosstab(study.ranks["optimizer"], study.ranks["rank"], normalize="index")
    shares = shares.sort_values(list(shares), ascending=False, kind="stable")
    names = [panels.clip(name, MAX_NAME) for name in shares.index]
    last = int(shares.columns.max())
    left, right, below, above = 0.3 + 0.075 * max(map(len, names)), 0.7, 0.45, 0.3
    total = above + ROW * len(names) + below
    width = panels.WIDTH - left - right
    figure = Figure(figsize=(panels.WIDTH, total))
    axes = figure.add_axes(
        (left / panels.WIDTH, below / total, width / panels.WIDTH, ROW * len(names) / total)
    )
    for row, (name, own) in enumerate(shares.iterrows()):
        start = 0.0
        with panels.belongs_to(axes, str(name)):
            for place, share in own.items():
                if share > 0:
                    _part(axes, row, start, share, int(place), last)
                start += share
            axes.text(1.02, row, f"{100 * own.get(1, 0.0):.0f} %", va="center", clip_on=False)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlim(0, 1)
    axes.set_yticks(range(len(names)), names)
    for label, name in zip(axes.get_yticklabels(), shares.index, strict=True):
        label.set_gid(mark(name))
    axes.set_xticks(np.linspace(0, 1, 5), ["0", "25 %", "50 %", "75 %", "100 %"])
    axes.set_xlabel(f"share of {words.plural(_pairs(study), 'comparison')}, by rank")
    axes.text(1.02, -0.62, "came first", fontsize=6.5, va="bottom", clip_on=False)
    axes.grid(False)
    return figure


def _part(axes: Axes, row: int, start: float, share: float, place: int, last: int) -> None:
    """The piece of a bar for one rank: the darker, the better."""
    depth = 1 - (place - 1) / max(last - 1, 1)
    color = colormaps["Blues"](0.08 + 0.8 * depth)
    axes.barh(row, share, 0.78, left=start, color=color, edgecolor=PAPER, linewidth=0.6)
    if share > 0.035:
        ink = LIGHT if depth > 0.55 else DARK
        axes.text(start + share / 2, row, str(place), ha="center", va="center", fontsize=6.5, color=ink)


def _pairs(study: Study) -> int:
    """How many pairs of a problem and a seed all optimizers were judged on."""
    return len(study.ranks[["problem", "repetition"]].drop_duplicates())


def _obstacle(study: Study) -> str:
    if len(study.optimizers) == 1:
        return "There is only one optimizer."
    if study.ranks.empty:
        return "There is no seed that all optimizers of a problem were judged on."
    return ""


def _caption(study: Study) -> str:
    return (
        f"How often each optimizer came first, second and so on by {words.metric(study.metric)}, over "
        f"{words.plural(_pairs(study), 'pair')} of problem and seed, at its chosen setting. Equal values "
        "share the better rank."
    )


FIGURE = ReportFigure(
    name="ranks",
    section="comparisons",
    order=30,
    title="Ranks",
    draw=ranks,
    caption=_caption,
    obstacle=_obstacle,
)
