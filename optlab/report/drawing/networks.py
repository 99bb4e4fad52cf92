"""Figures of trained models: one for each problem with recorded parameters, a tile for each optimizer."""

from collections.abc import Callable
from contextlib import suppress

from optlab.analysis.study import Study
from optlab.analysis.trained.rebuilt import Rebuilt
from optlab.core.errors import UserError
from optlab.report.drawing.report_figure import Variant
from optlab.report.drawing.style import in_order

MAX_PROBLEMS = 4  # with figures of their models; each has several


def models(study: Study, problem: str | None) -> list[Rebuilt]:
    """The model of every optimizer on a problem (see `Study.models`), in the order of all figures."""
    by_optimizer = {run.optimizer: run for run in study.models(problem)}
    return [by_optimizer[name] for name in in_order(by_optimizer)]


def per_problem(study: Study, title: str, fits: Callable[[list[Rebuilt]], bool]) -> list[Variant]:
    """A figure for each of the first problems whose models can be rebuilt here and fit."""
    problems = study.recorded_problems[:MAX_PROBLEMS]
    variants = []
    for number, problem in enumerate(problems, start=1):
        with suppress(UserError):  # the data are not on this machine: `hints` says so
            if fits(models(study, problem)):
                suffix = str(number) if len(problems) > 1 else ""
                variants.append(Variant(suffix, f"{title}, {problem}", {"problem": problem}))
    return variants


def of_images(runs: list[Rebuilt]) -> bool:
    """Whether models are of data that are images."""
    return runs[0].dataset.shape is not None


def no_images(study: Study, problem: str | None) -> str:
    """The obstacle of a figure that shows images."""
    runs = models(study, problem)
    return "" if of_images(runs) else f"The data of {runs[0].problem} are not images."


def no_plane(study: Study, problem: str | None) -> str:
    """The obstacle of a figure that shows classes in the plane of two features."""
    run = models(study, problem)[0]
    n = run.dataset.n_features
    if run.dataset.n_classes < 2:
        return f"{run.problem} has no classes."
    return "" if n == 2 else f"{run.problem} has {n} features, not two."


def median_run(study: Study, problem: str | None) -> str:
    """Which run of every optimizer is shown: ``in its median run (seed 3)``."""
    seeds = {run.seed for run in models(study, problem)}
    return "in its median run" + (f" (seed {seeds.pop()})" if len(seeds) == 1 else "")
