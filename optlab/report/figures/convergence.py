"""Convergence: cost along steps, epochs or work, every optimizer at its best setting."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from optlab.analysis.problem.outcomes import higher_is_better
from optlab.analysis.problem.seeds import GROUP
from optlab.analysis.study import Study
from optlab.analysis.theory.costs import offered
from optlab.report import captions, words
from optlab.report.drawing import panels
from optlab.report.drawing.report_figure import ReportFigure, Variant
from optlab.report.drawing.style import DASHED, PAPER, in_order, look, weight
from optlab.training.metrics import is_share, recorded

GAP, COST = "gap", "train_cost"
COUNTS = ("step", "epoch", "gradient_evals")  # the same on full batches: there theory predicts a rate
HEADROOM = 1.6  # a panel ends at this multiple of the initial value; what rises further leaves it


def convergence(study: Study, axis: str = "step", column: str = GAP) -> Figure:
    """Median of a recorded column along an axis, with its 95 % interval over the repetitions as a band.

    A line ends, with a marker, where the last of its runs stopped. Thin dashes are the rate that theory
    predicts from the Hessian at the minimum (see `analysis.theory`), where it does.

    Args:
        axis: ``step``, ``epoch``, ``gradient_evals``, ``gradient_equivalents``, ``hessian_work``, ``flops``,
            or ``seconds`` (of runs that were trained alone).
        column: any column of the trajectories, or ``gap``: J − J* where the certified minimum J* is known,
            else the training cost.
    """
    lines = study.curves(axis, column)
    lines = lines[np.isfinite(lines["median"].astype(float))]
    if axis == "hessian_work":
        lines = lines[lines.groupby(GROUP)["x"].transform("max") > 0]  # who asks for none has no line
    lines = lines.assign(**panels.drawable_ends(lines))
    predicted = study.predicted_rates.set_index(GROUP)["rate"] if column == GAP and axis in COUNTS else {}
    certain = _certain(study) if column == GAP else set()
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
        panels.set_panel_title(axes, problem, problems)
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
    band = lines["low"].fillna(lines["median"]).to_numpy(float)
    floor = band[np.isfinite(band)].min()
    if fixed or (panels.log_helps(median) and floor > 0):
        axes.set_ylim(floor * 0.8, ceiling * 1.25)
        panels.log_axis(axes, "y")
    else:
        margin = 0.06 * (ceiling - floor) or 0.06 * abs(ceiling) or 1.0
        axes.set_ylim(floor - margin, ceiling + margin)
        panels.linear_axis(axes, "y")


def _certain(study: Study) -> set[str]:
    """Problems whose minimum is known."""
    chosen = study.chosen
    return {*chosen.loc[chosen["optimum"].notna(), "problem"]}


def _obstacle(study: Study, axis: str, column: str) -> str:
    if axis == "seconds" and not study.trained_alone.all():
        return "Seconds are compared of runs that were trained alone (hydra.launcher.max_stack=1)."
    if not np.isfinite(study.points[column].astype(float)).any():
        return f"No run has a finite {words.metric(column)} to draw."
    return ""


def _variants(study: Study) -> list[Variant]:
    """A figure for each axis that differs from the others, and one for the metric, if that is no cost."""
    axes = ["step", "epoch", "gradient_evals", *offered(study.points)]
    axes += ["seconds"] * bool(study.trained_alone.all())
    if study.batches_differ:
        axes.remove("step")
    alike: dict[str, list[str]] = {}
    for axis in axes:
        same = next((other for other in alike if np.allclose(study.points[axis], study.points[other])), axis)
        alike.setdefault(same, []).append(words.short_axis(axis))
    column = GAP if study.runs["optimum"].notna().any() else COST
    found = [_variant(axis, column, f"by {words.listed(names)}") for axis, names in alike.items()]
    if study.metric != "final_train_cost" and recorded(study.metric) != column:
        ranked = recorded(study.metric)
        found.insert(0, _variant(axes[0], ranked, words.metric(ranked), f"-{ranked}"))
    return found


def _variant(axis: str, column: str, title: str, end: str = "") -> Variant:
    return Variant(axis + end, title, {"axis": axis, "column": column})


def _caption(study: Study, axis: str, column: str) -> str:
    text = (
        f"{captions.capital(words.metric(column))} against {words.short_axis(axis)}, each optimizer at its "
        f"best setting: {captions.medians(study)}."
    )
    if column == GAP:
        text += _minimum(study)
        if axis in COUNTS and len(study.predicted_rates):
            text += " Thin dashes: the rate that theory predicts."
    if axis == "hessian_work":
        text += " Optimizers that ask for no Hessian are not drawn."
    return text + captions.panels(study)


def _minimum(study: Study) -> str:
    """How well the minimum is known."""
    known = study.runs.loc[study.runs["optimum"].notna(), "optimum_gap"].astype(float)
    if known.isna().all():
        return " J* was given."
    return f" J* is certified to within {words.number(max(known.max(), 1e-16), 2)}."


FIGURE = ReportFigure(
    name="convergence",
    section="convergence",
    order=10,
    title="Convergence",
    draw=convergence,
    caption=_caption,
    obstacle=_obstacle,
    variants=_variants,
)
