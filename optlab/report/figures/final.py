"""Final values: every run at its optimizer's best setting is one visible point, many also make a box."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.markers import MarkerStyle

from optlab.analysis.problem.outcomes import diverged, outcomes
from optlab.analysis.study import Study
from optlab.report import captions, words
from optlab.report.drawing import outcome, panels, scales
from optlab.report.drawing.report_figure import ReportFigure
from optlab.report.drawing.style import INK, MUTED, PAPER, look, mark, weight
from optlab.training.metrics import higher_is_better

BOX = 5  # runs of an optimizer from which on its points have a box
BOX_LINES = {"color": MUTED, "linewidth": 0.8}
MANY = 3000  # points above which an SVG holds a picture of them
MAX_NAME = 18  # characters of a name


def final(study: Study) -> Figure:
    """All final values of the metric and of a second column, one row per optimizer, the best on top.

    The bar is the median, the box holds the middle half. A training cost whose minimum is known is shown as
    the gap. The second column is the training cost or, where that is the metric, an accuracy. A column that a
    problem has no values of (no test data, say) has no panel.
    """
    content = _content(study)
    problems = list(dict.fromkeys(problem for problem, _, _ in content))
    rows = max(table["optimizer"].nunique() for _, _, table in content)
    names = [panels.clip(name, MAX_NAME) for name in study.optimizers]
    longest = MAX_NAME if diverged(study.chosen).any() else max(map(len, names))
    columns = max(place for _, place, _ in content) + 1
    labels = 0.3 + 0.072 * longest
    figure, cells = panels.frame(
        columns * len(problems), height=0.2 + 0.24 * rows, labels=labels, columns=columns
    )
    for problem, place, table in content:
        axes = figure.add_subplot(cells[columns * problems.index(problem) + place])
        column = _columns(study, problem)[place]
        _rows(axes, table, column, _order(study, problem, table))
        _mark_rounding(axes, table)
        panels.set_panel_title(axes, problem, problems, labels - 0.2)
        axes.set_xlabel(words.label(column) + " (dotted: rounding)" * bool(table["rounded"].any()))
    return figure


def _table(part: pd.DataFrame, column: str) -> pd.DataFrame:
    """``optimizer value diverged rounded`` of one panel; empty where nothing is finite.

    Gaps that are not above the rounding of J all stand there: between them is no difference.
    """
    values = pd.Series(scales.visible(outcomes(part, column)), part.index)
    least = part["least_gap"].max() if column == outcome.GAP else np.nan
    table = pd.DataFrame(
        {
            "optimizer": part["optimizer"].astype(str),
            "value": values.mask(values <= least, least),
            "diverged": diverged(part),
            "rounded": values <= least,
        }
    )
    return table if np.isfinite(table.loc[~table["diverged"], "value"]).any() else table.iloc[:0]


def _order(study: Study, problem: str, table: pd.DataFrame) -> list[str]:
    """The optimizers of a panel as the table of results ranks them."""
    ranked = study.summary.loc[study.summary["problem"] == problem, "optimizer"].astype(str)
    return [name for name in ranked if name in set(table["optimizer"])]


def _rows(axes: Axes, table: pd.DataFrame, column: str, order: list[str]) -> None:
    import seaborn  # takes half a second: only the process that draws this figure pays for it

    finite = table[~table["diverged"] & np.isfinite(table["value"])]
    log = not higher_is_better(column) and (
        scales.log_helps(finite["value"], 2.5) or bool(finite["rounded"].any())
    )
    if log:
        axes.set_xscale("log")
    positive = finite.loc[finite["value"] > 0, "value"]
    if finite["rounded"].any() and len(positive):  # room at both sides, though all may stand at one place
        axes.set_xlim(positive.min() / 3, positive.max() * 3)
    for row, name in enumerate(order):
        values = finite.loc[finite["optimizer"] == name, "value"]
        if len(values) >= BOX:
            with panels.belongs_to(
                axes, name
            ):  # not by seaborn, whose call matplotlib 3.13 will not understand
                axes.boxplot(values, positions=[row], orientation="horizontal", widths=0.62, showcaps=False,
                             showfliers=False, manage_ticks=False, boxprops=BOX_LINES, whiskerprops=BOX_LINES,
                             medianprops={"color": "none"})  # fmt: skip
    with _fixed_jitter():
        seaborn.stripplot(finite, x="value", y="optimizer", order=order, orient="h", ax=axes, legend=False,
                          hue="optimizer", palette=[look(name).color for name in order],
                          hue_order=order, jitter=0.2, alpha=0.85, edgecolor=PAPER, linewidth=0.4,
                          rasterized=len(table) > MANY, zorder=3)  # fmt: skip
    rows: list[Any] = list(axes.collections)
    for name, points in zip(order, rows, strict=True):
        marker = MarkerStyle(look(name).marker)
        points.set_paths([marker.get_path().transformed(marker.get_transform())])
        points.set_sizes([17 * weight(look(name).marker) ** 2])
        points.set_gid(mark(name))
    for row, median in enumerate(finite.groupby("optimizer")["value"].median().reindex(order)):
        with panels.belongs_to(axes, order[row]):
            axes.plot([median, median], [row - 0.36, row + 0.36], color=INK, linewidth=1.2, zorder=2.5)
    axes.set_ylim(len(order) - 0.4, -0.6)
    axes.set_yticks(range(len(order)), [_label(name, table) for name in order])
    axes.set_ylabel("")
    axes.grid(False, axis="y")
    axes.margins(x=0.06)
    if log:
        scales.log_axis(axes, "x")
    elif higher_is_better(column):
        scales.share_axis(axes, "x")
    else:
        scales.linear_axis(axes, "x")


def _mark_rounding(axes: Axes, table: pd.DataFrame) -> None:
    """A dotted upright where gaps are not told from 0."""
    if table["rounded"].any():
        least = table.loc[table["rounded"], "value"].iloc[0]
        axes.axvline(least, color=MUTED, linestyle=":", linewidth=0.9, zorder=1)


def _label(optimizer: str, table: pd.DataFrame) -> str:
    """Its name, and how many of its runs diverged."""
    failed = table.loc[table["optimizer"] == optimizer, "diverged"]
    text = f"\n{failed.sum()} of {len(failed)} diverged" if failed.any() else ""
    return panels.clip(optimizer, MAX_NAME) + text


@contextmanager
def _fixed_jitter() -> Iterator[None]:
    """Let seaborn scatter points the same way every time: it draws from NumPy's global generator."""
    state = np.random.get_state()
    np.random.seed(0)
    try:
        yield
    finally:
        np.random.set_state(state)


def _columns(study: Study, problem: str) -> list[str]:
    """The metric as it is shown, and one more column."""
    parts = ("test", "validation", "train")
    chosen = study.chosen
    part = next((part for part in parts if chosen[f"final_{part}_accuracy"].notna().any()), "train")
    second = f"final_{part}_accuracy" if study.metric in (outcome.COST, outcome.GAP) else outcome.COST
    return [outcome.column(study, problem), second]


def _content(study: Study) -> list[tuple[str, int, pd.DataFrame]]:
    """Problem, place in its row and table of every panel."""
    chosen = study.chosen
    return [
        (problem, place, table)
        for problem in panels.first_problems(chosen["problem"])
        for place, column in enumerate(_columns(study, problem))
        if len(table := _table(chosen[chosen["problem"] == problem], column))
    ]


def _obstacle(study: Study) -> str:
    return "" if _content(study) else "No run has a finite final value to draw."


def _caption(study: Study) -> str:
    second = words.label(_columns(study, study.problems[0])[1])
    box = ", a box around the middle half" if _boxes(study) else ""
    return (
        f"{captions.capital(outcome.name(study))} and {second} of every run at its optimizer's best setting "
        f"({captions.seeds(study)}): one point per run, a bar at the median{box}.{captions.panels(study)}"
    )


def _boxes(study: Study) -> bool:
    """Whether an optimizer has runs enough for a box."""
    return bool((study.chosen.groupby(["problem", "optimizer"]).size() >= BOX).any())


FIGURE = ReportFigure(
    name="final",
    section="final",
    order=10,
    title="Final values",
    draw=final,
    caption=_caption,
    obstacle=_obstacle,
    seaborn=True,
)
