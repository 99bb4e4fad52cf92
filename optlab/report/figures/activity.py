"""Saturation and sparsity of the hidden layers while they learn, where they were recorded."""

import re

from matplotlib.figure import Figure

from optlab.analysis.study import Study
from optlab.report import captions, words
from optlab.report.drawing.report_figure import ReportFigure, Variant
from optlab.report.figures.convergence import convergence
from optlab.training.metrics import METRICS, metric_of


def activity(study: Study, column: str = "saturation_1") -> Figure:
    """Share of saturated or silent units of a hidden layer against epochs, over all training samples.

    Args:
        column: ``saturation_1``, ``sparsity_1``, ``saturation_2`` and so on.
    """
    return convergence(study, "epoch", column)


def _columns(study: Study) -> list[str]:
    """What was recorded, layer by layer; nothing where `training.record_activations` was off."""
    points = study.points
    return [
        column
        for metric in METRICS
        if metric.per_layer
        for column in points
        if re.fullmatch(rf"{metric.name}_\d+", column) and points[column].notna().any()
    ]


def _obstacle(study: Study, column: str) -> str:
    if column in _columns(study):
        return ""
    return f"{column} was not recorded; train with training.record_activations=true."


def _variants(study: Study) -> list[Variant]:
    return [Variant(name, captions.capital(words.label(name)), {"column": name}) for name in _columns(study)]


def _caption(study: Study, column: str) -> str:
    metric = metric_of(column)
    assert metric is not None  # else there is an obstacle
    return (
        f"{captions.capital(words.label(column))} against epochs, each optimizer at its best setting: "
        f"{captions.medians(study)}. {metric.meaning}"
    )


FIGURE = ReportFigure(
    name="activity",
    section="learned",
    order=10,
    title="Activity of hidden layers",
    draw=activity,
    caption=_caption,
    obstacle=_obstacle,
    variants=_variants,
)
