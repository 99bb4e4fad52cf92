"""Convergence: cost along steps, epochs or gradient evaluations, every optimizer at its best setting."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from optlab.analysis.choice.curves import curves
from optlab.analysis.choice.tuning import at_best
from optlab.analysis.comparison.summary import trained_alone
from optlab.analysis.optimum.certificates import with_gap, with_optimum
from optlab.analysis.problem.outcomes import higher_is_better
from optlab.analysis.problem.seeds import GROUP
from optlab.analysis.theory.costs import COMPUTED, with_costs
from optlab.analysis.theory.stability import predicted_rates
from optlab.report import words
from optlab.report.drawing import panels
from optlab.report.drawing.style import DASHED, PAPER, in_order, look, weight
from optlab.training.metrics import is_share

GAP = "gap"
COUNTS = ("step", "epoch", "gradient_evals")  # the same on full batches: there theory predicts a rate
HEADROOM = 1.6  # a panel ends at this multiple of the initial value; what rises further leaves it


@panels.styled
def convergence(
    runs: pd.DataFrame,
    trajectories: pd.DataFrame,
    axis: str = "step",
    column: str = "train_cost",
    metric: str = "final_train_cost",
) -> Figure:
    """Median of `column` along `axis` with its 95 % interval over the repetitions as a band.

    A line ends, with a marker, where the last of its runs stopped. Thin dashes are the rate that theory
    predicts from the Hessian at the minimum (see `analysis.theory`), where it does.

    Args:
        runs, trajectories: the tables of a result folder.
        axis: ``step``, ``epoch``, ``gradient_evals``, ``seconds`` (of runs that were trained alone), or one
            of `costs.COMPUTED`.
        column: what is drawn, any column of `trajectories`, or ``gap``: J − J* where the certified minimum J*
            is known, else the training cost.
        metric: what the best setting of an optimizer is chosen by.
    """
    if axis == "seconds" and not trained_alone(runs).all():
        return panels.nothing(
            "Seconds are compared of runs that were trained alone (hydra.launcher.max_stack=1)."
        )
    chosen = at_best(runs, metric)
    if axis in COMPUTED and axis not in trajectories:
        trajectories = with_costs(trajectories, chosen)
    certain: set[str] = set()
    predicted: dict[tuple[str, str], float] = {}
    if column == GAP:
        chosen = with_optimum(chosen)
        certain = {*chosen.loc[chosen["optimum"].notna(), "problem"]}
        trajectories = with_gap(trajectories, chosen)
        if axis in COUNTS:
            rates = predicted_rates(chosen)
            predicted = rates.set_index(GROUP)["rate"].to_dict()
    lines = curves(chosen, trajectories, axis, column)
    lines = lines[np.isfinite(lines["median"].astype(float))]
    if axis == "hessian_work":
        lines = lines[lines.groupby(GROUP)["x"].transform("max") > 0]  # who asks for none has no line
    lines[["median", "low", "high"]] = panels.drawable(lines[["median", "low", "high"]])
    if lines.empty:
        return panels.nothing(f"No run has a finite {words.metric(column)} to draw.")
    problems = panels.shown(lines["problem"])
    figure, cells = panels.frame(len(problems), lines["optimizer"], labels=0.85 if column == GAP else 0.68)
    for place, (problem, cell) in enumerate(zip(problems, cells, strict=True)):
        axes = figure.add_subplot(cell)
        part = lines[lines["problem"] == problem]
        for optimizer in reversed(in_order(part["optimizer"])):
            line = part[part["optimizer"] == optimizer]
            with panels.of(axes, optimizer):
                _line(axes, line, optimizer)
                _predicted(axes, line, optimizer, predicted.get((problem, optimizer), np.nan))
        _scales(axes, part, column, fixed=problem in certain)
        _clip_ends(axes)
        panels.entitle(axes, problem, problems)
        axes.set_xlabel(words.AXES[axis])
        if column == GAP:
            axes.set_ylabel("J − J*" if problem in certain else "training cost J (J* not known)")
        elif place % 2 == 0:
            axes.set_ylabel(words.metric(column))
    return figure


def _line(axes: Axes, line: pd.DataFrame, optimizer: str) -> None:
    color, dash, marker = look(optimizer)
    x, median = line["x"].to_numpy(float), line["median"].to_numpy(float)
    low, high = line["low"].to_numpy(float), line["high"].to_numpy(float)
    if (low < high).any():
        high = np.where(np.isfinite(high), high, 1e6 * np.abs(median[0]))
        axes.fill_between(x, low, high, color=color, alpha=0.16, linewidth=0)
    axes.plot(x, median, color=color, linestyle=dash)
    axes.plot(
        x[-1:],
        median[-1:],
        color=color,
        marker=marker,
        markersize=6 * weight(marker),
        markeredgecolor=PAPER,
        markeredgewidth=0.6,
        linestyle="none",
        clip_on=False,
        zorder=3,
    )


def _predicted(axes: Axes, line: pd.DataFrame, optimizer: str, rate: float) -> None:
    """The gap at the start, shrinking at the predicted rate."""
    x, median = line["x"].to_numpy(float), line["median"].to_numpy(float)
    if rate < 1:
        gap = panels.drawable(median[0] * rate ** (x - x[0]))
        axes.plot(x, gap, color=look(optimizer).color, linestyle=DASHED, linewidth=0.7)


def _clip_ends(axes: Axes) -> None:
    """Take away the markers of lines that end above the panel: they would stand upon its title."""
    for line in axes.lines:
        line.set_clip_on(line.get_clip_on() or np.max(line.get_ydata()) > axes.get_ylim()[1])


def _scales(axes: Axes, lines: pd.DataFrame, column: str, fixed: bool) -> None:
    median = lines["median"].to_numpy(float)
    groups = lines.groupby("optimizer")
    ends = groups["x"].max()
    positive = lines.loc[lines["x"] > 0, "x"]
    crowded = (lines["x"] < 0.1 * ends.max()).mean() > 0.5
    if len(positive) and (crowded or ends[ends > 0].min() < 0.05 * ends.max()):
        panels.log_axis_from_zero(axes, positive.min(), ends.max())
    else:
        panels.linear_axis(axes, "x")
    axes.set_xlim(0, ends.max() * 1.02 if ends.max() > 0 else 1)
    if is_share(column) and not higher_is_better(column):  # of hidden layers, which can be compared so
        axes.set_ylim(-0.02, 1.02)
    if is_share(column) or higher_is_better(column):
        panels.linear_axis(axes, "y")
        return
    seen = groups["median"].max().min()  # one line at least is seen in whole
    ceiling = min(median.max(), max(seen, HEADROOM * groups["median"].first().max()))
    band = lines["low"].to_numpy(float)
    floor = band[np.isfinite(band)].min()
    if fixed or (panels.log_helps(median) and floor > 0):
        axes.set_ylim(floor * 0.8, ceiling * 1.25)
        panels.log_axis(axes, "y")
    else:
        margin = 0.06 * (ceiling - floor) or 0.06 * abs(ceiling) or 1.0
        axes.set_ylim(floor - margin, ceiling + margin)
        panels.linear_axis(axes, "y")
