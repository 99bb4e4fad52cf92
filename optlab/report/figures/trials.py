"""Best after k trials: what a tuner of each optimizer may expect from a budget of settings."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from optlab.analysis.choice.trials import best_after
from optlab.analysis.problem.outcomes import higher_is_better
from optlab.report import words
from optlab.report.drawing import panels
from optlab.report.drawing.style import in_order, look, weight


@panels.styled
def trials(runs: pd.DataFrame, metric: str = "final_train_cost") -> Figure:
    """Median of `metric` at the best of k settings drawn from the grid; the band holds half of the draws."""
    table = best_after(runs, metric)
    table = table[np.isfinite(table["median"].astype(float))]
    table = table[table.groupby(["problem", "optimizer"])["trials"].transform("size") > 1].copy()
    if table.empty:
        return panels.nothing("No optimizer was run at more than one setting.")
    table[["median", "low", "high"]] = panels.drawable(table[["median", "low", "high"]])
    problems = panels.shown(table["problem"])
    figure, cells = panels.frame(len(problems), table["optimizer"])
    for place, (problem, cell) in enumerate(zip(problems, cells, strict=True)):
        axes, part = figure.add_subplot(cell), table[table["problem"] == problem]
        for optimizer in reversed(in_order(part["optimizer"])):
            rows = part[part["optimizer"] == optimizer]
            color, dash, marker = look(optimizer)
            high = np.where(np.isfinite(rows["high"]), rows["high"], 1e6 * np.abs(rows["median"]))
            size = 3.2 * weight(marker)
            x, y = rows["trials"], rows["median"]
            with panels.of(axes, optimizer):
                axes.fill_between(x, rows["low"], high, color=color, alpha=0.12, linewidth=0)
                axes.plot(x, y, color=color, linestyle=dash, marker=marker, markersize=size)
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        if not higher_is_better(metric):
            low, high = part["median"].min(), part["median"].max()
            if panels.log_helps(part["median"]):
                axes.set_ylim(low * 0.8, high * 1.25)
                panels.log_axis(axes, "y")
            elif high > low:
                margin = max(0.06 * (high - low), 1e-3 * abs(high))  # what differs by less is the same
                axes.set_ylim(low - margin, high + margin)
        panels.entitle(axes, problem, problems)
        axes.set_xlabel("settings tried")
        if place % 2 == 0:
            axes.set_ylabel(words.label(metric))
    return figure
