"""Final values: every run at its optimizer's best setting is one visible point."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from optlab.analysis.problem.outcomes import diverged, higher_is_better, outcomes
from optlab.analysis.study import Study
from optlab.report import captions, words
from optlab.report.drawing import panels
from optlab.report.drawing.report_figure import ReportFigure
from optlab.report.drawing.style import INK, PAPER, look, weight

GOLDEN = 0.6180339887  # multiples of it, modulo 1, fill the unit interval evenly
MANY = 3000  # points above which an SVG holds a picture of them


def final(study: Study) -> Figure:
    """All final values of the metric and of a second column, one row per optimizer, the best median on top.

    The second is the training cost or, where that is the metric, an accuracy. A column that a problem has no
    values of (no test data, say) has no panel.
    """
    chosen = study.chosen
    content = _content(study)
    problems = list(dict.fromkeys(problem for problem, _, _ in content))
    rows = max(table["optimizer"].nunique() for _, _, table in content)
    longest = (
        18 if diverged(chosen).any() else max(len(panels.clipped(name, 18)) for name in chosen["optimizer"])
    )
    figure, cells = panels.frame(len(content), height=0.2 + 0.24 * rows, labels=0.3 + 0.075 * longest)
    for (problem, column, table), cell in zip(content, cells, strict=True):
        axes = figure.add_subplot(cell)
        _points(axes, table, column, rasterized=len(chosen) > MANY)
        panels.set_panel_title(axes, problem, problems)
        axes.set_xlabel(words.label(column))
    return figure


def _table(part: pd.DataFrame, column: str) -> pd.DataFrame:
    """``optimizer value diverged`` of one panel; empty where nothing is finite."""
    table = pd.DataFrame(
        {
            "optimizer": part["optimizer"],
            "value": panels.drawable(outcomes(part, column)),
            "diverged": diverged(part),
        }
    )
    return table if np.isfinite(table.loc[~table["diverged"], "value"]).any() else table.iloc[:0]


def _points(axes: Axes, table: pd.DataFrame, column: str, rasterized: bool) -> None:
    sign = -1 if higher_is_better(column) else 1
    medians = (sign * table.groupby("optimizer")["value"].median()).fillna(np.inf).sort_values(kind="stable")
    labels = []
    for row, optimizer in enumerate(medians.index):
        runs = table[table["optimizer"] == optimizer]
        values = runs.loc[~runs["diverged"], "value"].sort_values().to_numpy()
        offset = 0.0 if len(values) == 1 else ((np.arange(len(values)) * GOLDEN) % 1 - 0.5) * 0.62
        color, _, marker = look(optimizer)
        median = sign * medians[optimizer]
        with panels.of(axes, str(optimizer)):
            axes.scatter(
                values,
                row + offset * np.ones(len(values)),
                s=17 * weight(marker) ** 2,
                color=color,
                marker=marker,
                alpha=0.85,
                edgecolors=PAPER,
                linewidths=0.4,
                rasterized=rasterized,
                zorder=3,
            )
            if np.isfinite(median):
                axes.plot([median, median], [row - 0.38, row + 0.38], color=INK, linewidth=1.1, zorder=2)
        failed = f"\n{runs['diverged'].sum()} of {len(runs)} diverged" if runs["diverged"].any() else ""
        labels.append(panels.clipped(str(optimizer), 18) + failed)
    axes.set_ylim(len(medians) - 0.4, -0.6)
    axes.set_yticks(range(len(medians)), labels)
    axes.grid(False, axis="y")
    if panels.log_helps(table.loc[~table["diverged"], "value"], 2.5) and sign > 0:
        panels.log_axis(axes, "x")
    else:
        panels.linear_axis(axes, "x")
    axes.margins(x=0.06)


def _columns(study: Study) -> list[str]:
    """The metric, and one more column."""
    parts = ("test", "validation", "train")
    chosen = study.chosen
    part = next((part for part in parts if chosen[f"final_{part}_accuracy"].notna().any()), "train")
    return list(dict.fromkeys([study.metric, "final_train_cost", f"final_{part}_accuracy"]))[:2]


def _content(study: Study) -> list[tuple[str, str, pd.DataFrame]]:
    """Problem, column and table of every panel."""
    chosen = study.chosen
    return [
        (problem, column, table)
        for problem in panels.shown(chosen["problem"])
        for column in _columns(study)
        if len(table := _table(chosen[chosen["problem"] == problem], column))
    ]


def _obstacle(study: Study) -> str:
    return "" if _content(study) else "No run has a finite final value to draw."


def _caption(study: Study) -> str:
    first, second = (words.metric(column) for column in _columns(study))
    return (
        f"{captions.capital(first)} and {second.removeprefix('final ')} of every run at its optimizer's best "
        f"setting ({captions.seeds(study)}): one point per run, a bar at the median.{captions.panels(study)}"
    )


FIGURE = ReportFigure(
    name="final",
    section="final",
    order=10,
    title="Final values",
    draw=final,
    caption=_caption,
    obstacle=_obstacle,
)
