"""What tuning is worth: every optimizer at its defaults, at one setting for all problems, tuned on each."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from optlab.analysis.choice.rules import DEFAULT, RULES, SHARED, TUNED, means
from optlab.analysis.study import Study
from optlab.report.drawing import panels
from optlab.report.drawing.report_figure import ReportFigure
from optlab.report.drawing.style import MUTED, PAPER, look, mark

ROW = 0.24  # inches
MAX_NAME = 18  # characters of a name
SIGNS = {
    DEFAULT: ("o", 8, False, "at its defaults"),
    SHARED: ("D", 5, False, "at one setting"),
    TUNED: ("o", 4, True, "tuned"),
}
"""Marker, its size, whether it is filled, and what it means: those at one place stand inside each other."""


def rules(study: Study) -> Figure:
    """A row per optimizer: its mean place among the others, tuned, under each rule; the best on top."""
    places = _places(study)
    names = [panels.clip(str(name), MAX_NAME) for name in places.index]
    left, right, below, above = 0.3 + 0.075 * max(map(len, names)), 0.2, 0.45, 0.35
    total = above + ROW * len(names) + below
    bounds = (left / panels.WIDTH, below / total, 1 - (left + right) / panels.WIDTH, ROW * len(names) / total)
    figure = Figure(figsize=(panels.WIDTH, total))
    axes = figure.add_axes(bounds)
    for row, (name, own) in enumerate(places.iterrows()):
        color, known = look(str(name)).color, own.dropna()
        with panels.belongs_to(axes, str(name)):
            axes.plot([known.min(), known.max()], [row, row], color=color, linewidth=1.0, alpha=0.6)
            for rule, place in known.items():
                _sign(axes, str(rule), [place], [row], color)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlim(0.5, max(float(places.max(axis=None)), 2.0) + 0.5)
    axes.set_yticks(range(len(names)), names)
    for label, name in zip(axes.get_yticklabels(), places.index, strict=True):
        label.set_gid(mark(str(name)))
    axes.set_xlabel("mean place among the others, tuned")
    for rule in SIGNS:
        _sign(axes, rule, [], [], MUTED)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, borderaxespad=0.2, handletextpad=0.2)
    return figure


def _sign(axes: Axes, rule: str, x: list[float], y: list[int], color: str) -> None:
    marker, size, filled, text = SIGNS[rule]
    label = "" if x else text
    axes.plot(x, y, marker=marker, color=color, linestyle="none", markersize=size, label=label,
              markerfacecolor=color if filled else PAPER)  # fmt: skip


def _places(study: Study) -> pd.DataFrame:
    """optimizer x rule, the best tuned one first."""
    places = means(study.by_rule)["place"].unstack().reindex(columns=RULES)
    return places.dropna(subset=TUNED).sort_values(TUNED, kind="stable")


def _obstacle(study: Study) -> str:
    places = _places(study)
    if len(places) < 2:
        return "There is only one optimizer."
    if places[[DEFAULT, SHARED]].isna().all(axis=None):
        return (
            "No grid holds the defaults of its method, and there is no second problem to choose a setting on."
        )
    return ""


def _caption(study: Study) -> str:
    return (
        "Mean place among the other optimizers, which are tuned: at documented defaults, at the one setting "
        "that is best on the other problems, and tuned on each problem. The line shows what tuning is worth."
    )


FIGURE = ReportFigure(
    name="rules",
    section="tuning",
    order=30,
    title="Without tuning, and with",
    draw=rules,
    caption=_caption,
    obstacle=_obstacle,
)
