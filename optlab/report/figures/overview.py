"""The grid of problems and optimizers: who does how well on what."""

import numpy as np
from matplotlib import colormaps
from matplotlib.figure import Figure

from optlab.analysis.choice.tuning import ranking_value
from optlab.analysis.study import Study
from optlab.report import words
from optlab.report.drawing import panels
from optlab.report.drawing.report_figure import ReportFigure
from optlab.report.drawing.style import DARK, LIGHT, in_order, mark

ROW = 0.3  # inches
MOST = 30  # problems


def overview(study: Study) -> Figure:
    """Median of the metric, a row per problem and a column per optimizer; the darker, the better the rank."""
    metric = study.metric
    medians = study.summary.set_index(["problem", "optimizer"])[metric].unstack()
    medians = medians[in_order(medians.columns)].iloc[:MOST]
    printed = medians.map(lambda value: float(f"{value:.3g}"))  # what reads the same is coloured the same
    places = (
        printed.apply(ranking_value, metric=metric).where(medians.notna()).rank(axis="columns", method="min")
    )
    worst = places.max(axis="columns").to_numpy()[:, None]
    depth = 1 - (places.to_numpy() - 1) / np.maximum(worst - 1, 1)
    cells = colormaps["Blues"](0.75 * np.nan_to_num(depth))
    cells[np.isnan(depth)] = 0
    names = [panels.title(problem, medians.index) for problem in medians.index]
    optimizers = [panels.clipped(name, 18) for name in medians.columns]
    left, above = 0.2 + 0.065 * max(map(len, names)), 0.2 + 0.052 * max(map(len, optimizers))
    total = above + ROW * len(names) + 0.1
    figure = Figure(figsize=(panels.WIDTH, total))
    bounds = (left / panels.WIDTH, 0.1 / total, 1 - (left + 0.35) / panels.WIDTH, ROW * len(names) / total)
    axes = figure.add_axes(bounds)
    rows = np.arange(len(names))
    for column, (optimizer, values) in enumerate(medians.items()):
        with panels.of(axes, str(optimizer)):
            axes.bar(column, 1.0, 1.0, bottom=rows - 0.5, color=cells[:, column])
            for row in rows[values.notna()]:
                color = LIGHT if depth[row, column] > 0.7 else DARK
                number = words.number(values.iloc[row], 3)
                axes.text(column, row, number, ha="center", va="center", fontsize=6.5, color=color)
    axes.set_xlim(-0.5, len(optimizers) - 0.5)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_yticks(rows, names, fontsize=7)
    axes.set_xticks(range(len(optimizers)), optimizers, rotation=40, ha="left", rotation_mode="anchor")
    axes.tick_params(length=0, bottom=False, labelbottom=False, labeltop=True)
    for label, optimizer in zip(axes.get_xticklabels(), medians.columns, strict=True):
        label.set_gid(mark(optimizer))
    axes.grid(False)
    return figure


def _obstacle(study: Study) -> str:
    if len(study.problems) == 1 or len(study.optimizers) == 1:
        return "An overview needs two problems and two optimizers."
    return ""


def _caption(study: Study) -> str:
    return (
        f"Median {words.metric(study.metric)} of every optimizer on every problem, each at its chosen "
        "setting. The deeper the colour, the better the rank in the row; a field without a number was not "
        "run."
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
