"""Pictures in a notebook: ``results.plot.convergence()`` and its sisters return matplotlib figures."""

from dataclasses import dataclass, fields
from functools import partial
from importlib import import_module
from io import BytesIO
from typing import TYPE_CHECKING, Any

from optlab.store.results import Results

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from optlab.analysis.study import Study


@dataclass(frozen=True)
class Drawable(Results):
    """`Results` that can be drawn."""

    @property
    def plot(self) -> "Plot":
        """The pictures of the report; ``results.plot.convergence().savefig("figure.pdf")`` keeps one."""
        return Plot(self)


def drawable(results: Results) -> Drawable:
    """`results` with their pictures."""
    return Drawable(**{field.name: getattr(results, field.name) for field in fields(Results)})


class Plot:
    """The pictures of the report, one method each.

    `metric` is what the setting of every optimizer is chosen by, by default the `objective_metric` of the
    runs; `style` is ``notebook``, ``paper`` (column width) or ``talk``; `problem` is one of several problems.
    """

    def __init__(self, results: Results) -> None:
        self._results = results
        self._studies: dict[str | None, Study] = {}

    def convergence(
        self, axis: str = "step", column: str = "gap", metric: str | None = None, style: str = "notebook"
    ) -> "Figure":
        """See `optlab.report.figures.convergence.convergence`."""
        runs, used = self._judged(metric)
        return self._drawn("convergence", style, runs, self._results.trajectories, axis, column, used)

    def sensitivity(self, metric: str | None = None, style: str = "notebook") -> "Figure":
        """See `optlab.report.figures.sensitivity.sensitivity`."""
        return self._drawn("sensitivity", style, *self._judged(metric))

    def heatmap(self, metric: str | None = None, style: str = "notebook") -> "Figure":
        """See `optlab.report.figures.heatmap.heatmap`."""
        return self._drawn("heatmap", style, *self._judged(metric))

    def trials(self, metric: str | None = None, style: str = "notebook") -> "Figure":
        """See `optlab.report.figures.trials.trials`."""
        return self._drawn("trials", style, *self._judged(metric))

    def profiles(
        self, axis: str = "gradient_evals", metric: str | None = None, style: str = "notebook"
    ) -> "Figure":
        """See `optlab.report.figures.profiles.profiles`."""
        runs, used = self._judged(metric)
        return self._drawn("profiles", style, runs, self._results.trajectories, axis, used)

    def final(self, metric: str | None = None, style: str = "notebook") -> "Figure":
        """See `optlab.report.figures.final.final`."""
        runs, used = self._judged(metric)
        columns = tuple(dict.fromkeys((used, "final_train_cost", "final_test_accuracy")))
        return self._drawn("final", style, runs, columns, used)

    def ranks(self, metric: str | None = None, style: str = "notebook") -> "Figure":
        """See `optlab.report.figures.ranks.ranks`."""
        return self._drawn("ranks", style, *self._judged(metric))

    def overview(self, metric: str | None = None, style: str = "notebook") -> "Figure":
        """See `optlab.report.figures.overview.overview`."""
        return self._drawn("overview", style, *self._judged(metric))

    def critical_difference(self, metric: str | None = None, style: str = "notebook") -> "Figure":
        """See `optlab.report.figures.critical_difference.critical_difference`."""
        return self._drawn("critical_difference", style, *self._judged(metric))

    def capacity(self, metric: str | None = None, style: str = "notebook") -> "Figure":
        """See `optlab.report.figures.capacity.capacity`."""
        return self._drawn("capacity", style, self._results, self._judged(metric)[1])

    def gaps(self, metric: str | None = None, style: str = "notebook") -> "Figure":
        """See `optlab.report.figures.gaps.gaps`."""
        return self._drawn("gaps", style, self._results, self._judged(metric)[1])

    def regions(
        self, problem: str | None = None, metric: str | None = None, style: str = "notebook"
    ) -> "Figure":
        """See `optlab.report.figures.regions.regions`."""
        return self._drawn("regions", style, self._results, problem, self._judged(metric)[1])

    def learning(
        self, problem: str | None = None, metric: str | None = None, style: str = "notebook"
    ) -> "Figure":
        """See `optlab.report.figures.learning.learning`."""
        return self._drawn("learning", style, self._results, problem, self._judged(metric)[1])

    def path(
        self, problem: str | None = None, metric: str | None = None, style: str = "notebook"
    ) -> "Figure":
        """See `optlab.report.figures.path.path`."""
        return self._drawn("path", style, self._results, problem, self._judged(metric)[1])

    def weights(
        self, problem: str | None = None, metric: str | None = None, style: str = "notebook"
    ) -> "Figure":
        """See `optlab.report.figures.images.weights`."""
        return self._drawn("images.weights", style, self._results, problem, self._judged(metric)[1])

    def mistakes(
        self, problem: str | None = None, metric: str | None = None, style: str = "notebook"
    ) -> "Figure":
        """See `optlab.report.figures.images.mistakes`."""
        return self._drawn("images.mistakes", style, self._results, problem, self._judged(metric)[1])

    def confusion(
        self, problem: str | None = None, metric: str | None = None, style: str = "notebook"
    ) -> "Figure":
        """See `optlab.report.figures.confusion.confusions`."""
        return self._drawn("confusion.confusions", style, self._results, problem, self._judged(metric)[1])

    def noise(
        self, problem: str | None = None, metric: str | None = None, style: str = "notebook"
    ) -> "Figure":
        """See `optlab.report.figures.noise.noise_answers`."""
        return self._drawn("noise.noise_answers", style, self._results, problem, self._judged(metric)[1])

    def _judged(self, metric: str | None) -> "tuple[pd.DataFrame, str]":
        """The runs of the study by a metric, and the metric that it uses."""
        from optlab.analysis.study import study

        if metric not in self._studies:
            self._studies[metric] = study(self._results, metric)
        return self._studies[metric].runs, self._studies[metric].metric

    def _drawn(self, name: str, style: str, *arguments: Any) -> "Figure":
        """What a function of a module draws: `name` is ``module.function``, or that of both."""
        from optlab.report.drawing.style import style_of, use

        module, _, function = name.rpartition(".")
        with use(style_of(style)):
            draw = getattr(import_module(f"optlab.report.figures.{module or function}"), function)
            figure: Figure = draw(*arguments)
        figure._repr_png_ = partial(_png, figure)  # type: ignore[attr-defined]  # a notebook shows it
        return figure


def _png(figure: "Figure") -> bytes:
    """`figure` as a PNG in memory."""
    kept = BytesIO()
    figure.savefig(kept, format="png", dpi=160)
    return kept.getvalue()
