"""Convergence: cost along steps, epochs or work, every optimizer at its best setting."""

from textwrap import fill

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from optlab.analysis.problem.seeds import GROUP
from optlab.analysis.study import Study
from optlab.analysis.theory.costs import offered
from optlab.report import captions, words
from optlab.report.drawing import leaving, line_names, panels, scales
from optlab.report.drawing.report_figure import ReportFigure, Variant
from optlab.report.drawing.style import DASHED, PAPER, in_order, look, weight
from optlab.training.metrics import higher_is_better, is_share, trajectory_column

GAP, COST = "gap", "train_cost"
COUNTS = ("step", "epoch", "gradient_evals")  # the same on full batches: there theory predicts a rate
HEADROOM = 1.6  # a panel ends at this multiple of the initial value; what rises further leaves it


def convergence(study: Study, axis: str | None = None, column: str = GAP) -> Figure:
    """Median of a recorded column along an axis, with its exact interval over the repetitions as a band.

    A line ends, with a marker, where the last of its runs stopped; its name stands beside it, after ``=``
    where another line covers it. Thin dashes are the rate that theory predicts from the Hessian at the
    minimum (see `analysis.theory`), where it does. A line that leaves the panel has an arrow there, with the
    value that it ends at.

    Args:
        axis: ``step``, ``epoch``, ``gradient_evals``, ``gradient_equivalents``, ``hessian_work``, ``flops``,
            or ``seconds`` (of runs that were trained alone); None: all work where it is known, else gradient
            evaluations.
        column: any column of the trajectories, or ``gap``: J − J* where the certified minimum J* is known,
            else the training cost.
    """
    axis = axis or study.cost_axis
    lines = _lines(study, axis, column)
    predicted = study.predicted_rates.set_index(GROUP)["rate"] if column == GAP and axis in COUNTS else {}
    certain = _certain(study) if column == GAP else set()
    problems = panels.first_problems(lines["problem"])
    lines = lines[lines["problem"].isin(problems)]
    names = list(lines["optimizer"].unique())
    most = lines.groupby("problem")["optimizer"].nunique().max()
    height, right = max(2.0, line_names.ROW * most), line_names.room(names)
    figure, cells = panels.frame(len(problems), height=height, labels=0.62, right=right)
    all_axes = {problem: figure.add_subplot(cell) for problem, cell in zip(problems, cells, strict=True)}
    for problem, axes in all_axes.items():
        part = lines[lines["problem"] == problem]
        for optimizer in reversed(in_order(part["optimizer"])):
            line = part[part["optimizer"] == optimizer]
            with panels.belongs_to(axes, optimizer):
                _line(axes, line, optimizer)
                _predicted(axes, line, optimizer, predicted.get((problem, optimizer), np.nan))
        panels.set_panel_title(axes, problem, problems, 0.5, right)
        axes.set_xlabel(words.AXES[axis] if len(problems) == 1 else words.short_axis(axis))
        if column == GAP:
            axes.set_ylabel("J − J*" if problem in certain else "training cost J (J* not known)")
        else:
            axes.set_ylabel(fill(words.label(column), 30))
    _set_scales(all_axes, lines, column)
    for problem, axes in all_axes.items():
        part = lines[lines["problem"] == problem]
        _clip_ends(axes)
        paths = {
            str(name): (line["x"].to_numpy(float), line["median"].to_numpy(float))
            for name, line in part.groupby("optimizer")
        }
        line_names.write_names(axes, paths)
        leaving.mark_leaving(axes, paths)
    return figure


def _lines(study: Study, axis: str, column: str) -> pd.DataFrame:
    """`Study.curves` as far as they can be drawn."""
    lines = study.curves(axis, column)
    lines = lines[np.isfinite(lines["median"].astype(float))]
    if axis == "hessian_work":
        lines = lines[lines.groupby(GROUP)["x"].transform("max") > 0]  # who asks for none has no line
    return lines.assign(**scales.visible_ends(lines))


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
        gap = scales.visible(median[0] * rate ** (x - x[0]))
        axes.plot(x, gap, color=look(optimizer).color, linestyle=DASHED, linewidth=0.7)


def _clip_ends(axes: Axes) -> None:
    """Take away the markers of lines that end above the panel: they would stand upon its title."""
    for line in axes.lines:
        line.set_clip_on(line.get_clip_on() or np.max(line.get_ydata()) > axes.get_ylim()[1])


def _set_scales(all_axes: dict[str, Axes], lines: pd.DataFrame, column: str) -> None:
    """Give all panels scales of one kind, and each the limits of its lines."""
    parts = {problem: lines[lines["problem"] == problem] for problem in all_axes}
    from_zero = any(map(_crowded, parts.values()))
    positive = scales.all_positive(lines[["median", "low"]])
    log = positive and any(scales.log_helps(part["median"]) for part in parts.values())
    for problem, axes in all_axes.items():
        part = parts[problem]
        end, above_zero = part["x"].max(), part.loc[part["x"] > 0, "x"]
        if from_zero and len(above_zero):
            scales.log_axis_from_zero(axes, above_zero.min(), end)
        axes.set_xlim(0, end * 1.02 if end > 0 else 1)
        if not from_zero:
            scales.linear_axis(axes, "x")
        if is_share(column):
            if not higher_is_better(column):  # of hidden layers, which can be compared so
                axes.set_ylim(-0.02, 1.02)
            scales.share_axis(axes, "y")
            continue
        floor, ceiling = _limits(part, column)
        if log:
            axes.set_ylim(floor * 0.8, ceiling * 1.25)
            scales.log_axis(axes, "y")
        else:
            margin = 0.06 * (ceiling - floor) or 0.06 * abs(ceiling) or 1.0
            axes.set_ylim(floor - margin, ceiling + margin)
            scales.linear_axis(axes, "y")


def _crowded(part: pd.DataFrame) -> bool:
    """Whether on a linear axis most of the points, or a line, would stand at the left border."""
    ends = part.groupby("optimizer")["x"].max()
    few = ends[ends > 0].min() < 0.05 * ends.max()
    return bool(few or (part["x"] < 0.1 * ends.max()).mean() > 0.5)


def _limits(part: pd.DataFrame, column: str) -> tuple[float, float]:
    """The least and the largest value that a panel shows: lines that rise far above their start leave it."""
    groups = part.groupby("optimizer")["median"]
    low = part["low"].fillna(part["median"]).to_numpy(float)
    floor, ceiling = low[np.isfinite(low)].min(), part["median"].max()
    if higher_is_better(column):
        return floor, ceiling
    seen = groups.max().min()  # one line at least is seen in whole
    return floor, min(ceiling, max(seen, HEADROOM * groups.first().max()))


def _certain(study: Study) -> set[str]:
    """Problems whose minimum is known."""
    chosen = study.chosen
    return {*chosen.loc[chosen["optimum"].notna(), "problem"]}


def _obstacle(study: Study, axis: str | None, column: str) -> str:
    if axis == "seconds" and not study.trained_alone.all():
        return "Seconds are compared of runs that were trained alone (hydra.launcher.max_stack=1)."
    if not np.isfinite(study.points[column].astype(float)).any():
        return f"No run has a finite {words.metric(column)} to draw."
    return ""


def _variants(study: Study) -> list[Variant]:
    """A figure for each axis that differs from the others, and one for the metric, if that is no cost.

    Operations have none: on one problem they are in proportion to gradient-equivalents.
    """
    axes = [study.cost_axis, "gradient_evals", "epoch", *["step"] * (not study.batches_differ)]
    axes += ["hessian_work"] * ("hessian_work" in offered(study.points))
    axes += ["seconds"] * bool(study.trained_alone.all())
    alike: dict[str, list[str]] = {}
    for axis in dict.fromkeys(axes):
        same = next((other for other in alike if np.allclose(study.points[axis], study.points[other])), axis)
        alike.setdefault(same, []).append(words.short_axis(axis))
    column = GAP if study.runs["optimum"].notna().any() else COST
    variants = [_variant(axis, column, f"by {words.listed(names)}") for axis, names in alike.items()]
    if study.metric != "final_train_cost" and trajectory_column(study.metric) != column:
        ranked = trajectory_column(study.metric)
        variants.insert(0, _variant(next(iter(alike)), ranked, words.metric(ranked), f"-{ranked}"))
    return variants


def _variant(axis: str, column: str, title: str, end: str = "") -> Variant:
    return Variant(axis + end, title, {"axis": axis, "column": column})


def _caption(study: Study, axis: str | None, column: str) -> str:
    axis = axis or study.cost_axis
    what = captions.capital(words.metric(column))
    if column == GAP and study.runs["optimum"].isna().any():
        what += " (training cost J where J* is not known)"
    text = (
        f"{what} against {words.short_axis(axis)}, each optimizer at its best setting: "
        f"{captions.medians(study)}."
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
    return f" J* is certified to within {words.certificate(known.max())}."


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
