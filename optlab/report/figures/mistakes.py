"""The images that models are most wrong about."""

from matplotlib.figure import Figure

from optlab.analysis.study import Study
from optlab.analysis.trained.predictions import answers, held_out, worst
from optlab.analysis.trained.rebuilt import Rebuilt, unscaled
from optlab.report import captions, words
from optlab.report.drawing import gallery, panels
from optlab.report.drawing.networks import median_run, models, no_images, of_images, per_problem
from optlab.report.drawing.report_figure import ReportFigure, Variant

MAX_IMAGES = 8


def mistakes(study: Study, problem: str | None = None) -> Figure:
    """The images that every optimizer's model is most wrong about: true class, answer and its probability.

    Args:
        problem: its name; None: the first whose parameters were recorded.

    Raises:
        UserError: no parameters were recorded, or the data cannot be had.
    """
    return gallery.draw([row(run) for run in models(study, problem)], "Greys", 0.3)


def row(run: Rebuilt) -> gallery.Gallery:
    """The wrong answers given with most confidence."""
    if not run.finite:
        return gallery.diverged(run)
    given = answers(run)
    rows, classes = worst(given, MAX_IMAGES), run.dataset.classes
    x = held_out(unscaled(run))[1].x
    images = (x[rows] / max(float(x.max()), 1e-9)).reshape(-1, *gallery.shape(run))
    pairs = [(classes[given.y[r]], classes[given.predicted[r]], given.probabilities[r].max()) for r in rows]
    labels = tuple(
        f"{panels.clip(true, 9)} → {panels.clip(answer, 9)}\n{words.share(round(float(p), 3))}"
        for true, answer, p in pairs
    )
    n = int((given.predicted != given.y).sum())
    remark = f"{words.count(n)} of {words.count(len(given.y))} {given.part} images wrong"
    return gallery.Gallery(run.optimizer, images, labels, remark, why_empty="no mistake")


def _variants(study: Study) -> list[Variant]:
    return per_problem(study, "Worst mistakes", of_images)


def _caption(study: Study, problem: str | None) -> str:
    part = held_out(models(study, problem)[0].dataset)[0]
    return (
        f"{captions.capital(part)} images whose true class each optimizer's model gave the least "
        f"probability, {median_run(study, problem)}: the true class, the answer, and the probability of the "
        "answer."
    )


FIGURE = ReportFigure(
    name="mistakes",
    section="learned",
    order=60,
    title="Worst mistakes",
    draw=mistakes,
    caption=_caption,
    obstacle=no_images,
    variants=_variants,
)
