"""The weights of the first layer of models of images, as images."""

import numpy as np
from matplotlib.figure import Figure

from optlab.analysis.study import Study
from optlab.analysis.trained.predictions import first_layer
from optlab.analysis.trained.rebuilt import Rebuilt
from optlab.report.drawing import gallery, panels
from optlab.report.drawing.networks import median_run, models, no_images, of_images, per_problem
from optlab.report.drawing.report_figure import ReportFigure, Variant

MAX_UNITS = 10  # images of weights of an optimizer


def weights(study: Study, problem: str | None = None) -> Figure:
    """The weights between pixels and the first layer, as images, for every optimizer; white is 0.

    Args:
        problem: its name; None: the first whose parameters were recorded.

    Raises:
        UserError: no parameters were recorded, or the data cannot be had.
    """
    rows = [row(run) for run in models(study, problem)]
    return gallery.draw(rows, "PuOr_r", 0.16 if any(any(one.labels) for one in rows) else 0.0)


def row(run: Rebuilt) -> gallery.Gallery:
    """The strongest units of the first layer; the classes themselves where there is no hidden layer."""
    if not run.finite:
        return gallery.diverged(run)
    w, classes = first_layer(run), run.dataset.classes
    of_classes = len(w) == len(classes)
    order = np.argsort(-np.linalg.norm(w, axis=1), kind="stable")
    shown = np.arange(min(len(w), MAX_UNITS)) if of_classes else order[:MAX_UNITS]
    scale = np.quantile(np.abs(w[shown]), 0.995) or 1.0
    images = np.clip(0.5 + 0.5 * w[shown] / scale, 0, 1).reshape(-1, *gallery.shape(run))
    labels = [panels.clip(classes[unit], 9) if of_classes else "" for unit in shown]
    units = f"{len(shown)} of {len(w)} units" if not of_classes else ""
    return gallery.Gallery(run.optimizer, images, tuple(labels), units)


def _variants(study: Study) -> list[Variant]:
    return per_problem(study, "Weights", of_images)


def _caption(study: Study, problem: str | None) -> str:
    return (
        f"Weights between the pixels and the first layer, {median_run(study, problem)}: of every class, or "
        "of the units with the largest weights. White is 0; orange and violet have opposite signs. Scales "
        "differ by optimizer."
    )


FIGURE = ReportFigure(
    name="weights",
    section="learned",
    order=45,
    title="Weights",
    draw=weights,
    caption=_caption,
    obstacle=no_images,
    variants=_variants,
)
