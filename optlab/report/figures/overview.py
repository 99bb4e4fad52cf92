"""The grid of problems and optimizers: who does how well on what."""

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from optlab.analysis.problem.outcomes import outcomes
from optlab.analysis.problem.seeds import GROUP
from optlab.analysis.study import Study
from optlab.report import words
from optlab.report.drawing import outcome, panels
from optlab.report.drawing.cells import ink_on
from optlab.report.drawing.report_figure import ReportFigure
from optlab.report.drawing.style import PAPER, in_order, mark

ROW = 0.3  # inches
MAX_PROBLEMS = 30
FONT = 6.5  # points, in cells that are wide enough
CHARACTER = 0.058  # inches, the mean width of a character of that size
LEADING, FOLLOWING, LAST = 0.75, 0.35, 0.05  # depth of the colour


def overview(study: Study) -> Figure:
    """Median of the metric, a row per problem and a column per optimizer.

    The deep colour is that of the first and of those that are not shown to differ from it; the others are
    the paler, the worse their rank, and without colour if they have none. A training cost whose minimum is
    known is shown as the gap; at the rounding of J, as its bound.
    """
    optimizers = in_order(study.optimizers)
    table = study.summary.pivot(index="problem", columns="optimizer")
    depths = _depths(table)[optimizers]
    medians = _medians(study)[optimizers].iloc[:MAX_PROBLEMS]
    rounded = _rounded(study, medians, table["least_gap"])
    names = [panels.title(problem, medians.index) for problem in medians.index]
    heads = [panels.clip(name, 18) for name in optimizers]
    left, above = 0.2 + 0.065 * max(map(len, names)), 0.2 + 0.052 * max(map(len, heads))
    total = above + ROW * len(names) + 0.1
    figure = Figure(figsize=(panels.WIDTH, total))
    bounds = (left / panels.WIDTH, 0.1 / total, 1 - (left + 0.35) / panels.WIDTH, ROW * len(names) / total)
    axes, width = figure.add_axes(bounds), panels.WIDTH * bounds[2] / len(heads)
    for column, optimizer in enumerate(optimizers):
        with panels.belongs_to(axes, optimizer):
            for row, problem in enumerate(medians.index):
                depth, value = depths.loc[problem, optimizer], medians.loc[problem, optimizer]
                if np.isfinite(depth):
                    color = colormaps["Blues"](depth) if depth else to_rgba(PAPER, 0.0)
                    axes.bar(column, 1.0, 1.0, bottom=row - 0.5, color=[color])
                    is_bound = rounded.loc[problem, optimizer]
                    text = words.bound(value) if is_bound else words.number(value, 3)
                    size = min(FONT, FONT * width / (CHARACTER * len(text)))
                    axes.text(column, row, text, ha="center", va="center", fontsize=size,
                              color=ink_on(color))  # fmt: skip
    axes.set_xlim(-0.5, len(heads) - 0.5)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_yticks(range(len(names)), names, fontsize=7)
    axes.set_xticks(range(len(heads)), heads, rotation=40, ha="left", rotation_mode="anchor")
    axes.tick_params(length=0, bottom=False, labelbottom=False, labeltop=True)
    for label, optimizer in zip(axes.get_xticklabels(), optimizers, strict=True):
        label.set_gid(mark(optimizer))
    axes.grid(False)
    return figure


def _medians(study: Study) -> pd.DataFrame:
    """problem x optimizer: median of what is shown for the metric."""
    parts = [
        part.assign(value=outcomes(part, outcome.column(study, str(problem))))
        for problem, part in study.chosen.groupby("problem")
    ]
    return pd.concat(parts).groupby(GROUP)["value"].median().unstack()


def _rounded(study: Study, medians: pd.DataFrame, least: pd.DataFrame) -> pd.DataFrame:
    """problem x optimizer: whether the median is a gap that is not above the rounding of J."""
    gaps = pd.Series(
        [outcome.column(study, str(name)) == "final_gap" for name in medians.index], medians.index
    )
    return (medians <= least.reindex_like(medians)).mul(gaps, axis="index").astype(bool)


def _depths(table: pd.DataFrame) -> pd.DataFrame:
    """problem x optimizer: how deep the colour is; 0: no rank, NaN: it was not run."""
    leading = table["tied"].eq(True)
    places = table["rank"].mask(leading).rank(axis="columns", method="min")  # of those behind
    behind = places.sub(1).div((places.max(axis="columns") - 1).clip(lower=1), axis="index")
    depths = (FOLLOWING + (LAST - FOLLOWING) * behind).where(~leading, LEADING).fillna(0.0)
    return depths.where(table["seeds"].notna())


def _obstacle(study: Study) -> str:
    if len(study.problems) == 1 or len(study.optimizers) == 1:
        return "An overview needs two problems and two optimizers."
    return ""


def _caption(study: Study) -> str:
    return (
        f"Median {outcome.name(study)} of every optimizer on every problem, at its chosen setting. Deep "
        "blue: the first, and those not shown to differ from it; paler: worse ranks; no colour: not ranked."
    )


FIGURE = ReportFigure(
    name="overview",
    section="results",
    order=10,
    title="Problems and optimizers",
    draw=overview,
    caption=_caption,
    obstacle=_obstacle,
)
