"""Capacity: what a network reaches against its number of parameters, on training and validation data."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from optlab.analysis.study import Study
from optlab.report import captions, words
from optlab.report.drawing import scales
from optlab.report.drawing.report_figure import ReportFigure
from optlab.report.drawing.style import (
    AMBER,
    BLUE,
    DASHDOT,
    DASHED,
    DOTTED,
    GREEN,
    GREY,
    INK,
    PINK,
    SOLID,
    VERMILION,
    VIOLET,
    current,
)

MIN_SIZES = 3  # sizes that are worth an axis
COLORS = (BLUE, VERMILION, GREEN, PINK, AMBER, VIOLET, GREY)
DEPTHS = (("D", DOTTED), ("o", SOLID), ("s", DASHED), ("^", DASHDOT), ("P", DOTTED))  # by hidden layers
HEIGHT = 2.2  # inches of a panel
APART = 1.035  # ratio between marks of networks that have the same size


def capacity(study: Study) -> Figure:
    """Cost against size of all networks on data that at least three problems share.

    A row of panels for each data set: costs in training, and on validation data (test data without them).
    A colour is a variant of the networks (an activation, say), a marker a number of hidden layers; a line
    joins the networks that share both. The ring is the network with the least validation cost.
    """
    table = _of_several_sizes(study)
    variants = list(dict.fromkeys(table["others"]))[: len(COLORS)]  # those with the best network first
    table = table[table["others"].isin(variants)].assign(depth=table["hidden"].map(len))
    parts = [part for _, part in table.groupby("data", sort=False)]
    width = current().wide
    depths = sorted(table["depth"].unique())
    colors = [(name, {"color": color, "linewidth": 3}) for name, color in zip(variants, COLORS, strict=False)]
    marks = [(words.plural(layers, "hidden layer"), {"color": INK, **_depth(layers)}) for layers in depths]
    legends = [entries for entries in (colors, marks) if len(entries) > 1]
    columns = [max(1, int(width / (0.62 + 0.075 * max(len(name) for name, _ in own)))) for own in legends]
    lines = [-(-len(own) // n) for own, n in zip(legends, columns, strict=True)]
    above, below, title, labels = 0.1 + 0.18 * sum(lines), 0.42, 0.3, 0.62
    row = title + HEIGHT + below
    total = above + len(parts) * row
    figure = Figure(figsize=(width, total))
    for number, (own, n) in enumerate(zip(legends, columns, strict=True)):
        handles = [Line2D([], [], label=name, **look) for name, look in own]
        top = 1 - 0.18 * sum(lines[:number]) / total
        figure.legend(handles=handles, loc="upper left", bbox_to_anchor=(0, top), ncols=n,
                      handlelength=2.4, borderaxespad=0.3)  # fmt: skip
    panel = (width - 2 * labels - 0.2) / 2
    for place, part in enumerate(parts):
        shown = (
            "train_loss" if part["train_loss"].notna().all() else "final_train_cost",
            "final_validation_cost" if part["final_validation_cost"].notna().any() else "final_test_cost",
        )
        for side, column in enumerate(shown):
            x, y = labels + side * (panel + labels + 0.1), total - above - place * row - title - HEIGHT
            axes = figure.add_axes((x / width, y / total, panel / width, HEIGHT / total))
            _costs(axes, part, column, variants)
            name = "training loss" if column == "train_loss" else words.label(column)
            axes.set_title(name + f" · {part['data'].iloc[0]}" * (len(parts) > 1))
            axes.set_xlabel("parameters")
            if not side:
                axes.set_ylabel("cost")
    return figure


def _costs(axes: Axes, part: pd.DataFrame, column: str, variants: list[str]) -> None:
    """One panel."""
    part = part[np.isfinite(part[column].astype(float))].sort_values("parameters")
    shift = {name: APART ** (k - (len(variants) - 1) / 2) for k, name in enumerate(variants)}
    for (others, depth), own in part.groupby(["others", "depth"]):
        color = COLORS[variants.index(others)]
        x, y = own["parameters"] * shift[others], own[column]
        high = own[f"{column}_high"].replace(np.inf, part[column].max())
        axes.vlines(x, own[f"{column}_low"], high, color=color, alpha=0.45, linewidth=1.2)
        axes.plot(x, y, color=color, **_depth(depth))
        first = own[(own["rank"] == 1) & ("train" not in column)]
        axes.plot(first["parameters"] * shift[others], first[column], marker="o", markersize=11,
                  color=INK, markerfacecolor="none", linestyle="none")  # fmt: skip
    scales.log_axis(axes, "x")
    (scales.log_axis if scales.log_helps(part[column]) else scales.linear_axis)(axes, "y")


def _depth(layers: int) -> dict[str, Any]:
    """How networks with so many hidden layers are drawn."""
    marker, dash = DEPTHS[min(layers, len(DEPTHS) - 1)]
    return {"marker": marker, "linestyle": dash}


def _of_several_sizes(study: Study) -> pd.DataFrame:
    """The rows of `problem_comparison` on data with networks of at least three sizes."""
    table = study.problem_comparison
    return table[table.groupby("data")["parameters"].transform("nunique") >= MIN_SIZES]


def _obstacle(study: Study) -> str:
    return "No data set was given to networks of three sizes." if _of_several_sizes(study).empty else ""


def _caption(study: Study) -> str:
    table = _of_several_sizes(study)
    n = table["others"].nunique()
    with_intervals = captions.intervals(table["seeds"])
    uprights = f"{with_intervals} as uprights" if with_intervals else ""
    text = (
        "Cost against the number of parameters, each network at its best setting: medians over the "
        f"seeds{uprights}. Lines join networks of one depth; the ring marks the one that the "
        "validation cost chooses."
    )
    return text + (f" Of {n} variants {len(COLORS)} are drawn." if n > len(COLORS) else "")


FIGURE = ReportFigure(
    name="capacity",
    section="problems",
    order=10,
    title="Cost and size",
    draw=capacity,
    caption=_caption,
    obstacle=_obstacle,
)
