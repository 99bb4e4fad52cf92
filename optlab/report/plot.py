"""Pictures in a notebook: ``results.plot.convergence()`` and its sisters return matplotlib figures."""

from dataclasses import dataclass, fields
from functools import partial
from importlib import import_module
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pandas as pd

from optlab.store.results import Results

if TYPE_CHECKING:
    from matplotlib.figure import Figure


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

    def convergence(
        self, axis: str = "step", column: str = "gap", metric: str | None = None, style: str = "notebook"
    ) -> "Figure":
        """See `optlab.report.figures.convergence.convergence`."""
        tables = self._runs(), self._results.trajectories
        return self._drawn("convergence", style, *tables, axis, column, self._metric(metric))

    def sensitivity(self, metric: str | None = None, style: str = "notebook") -> "Figure":
        """See `optlab.report.figures.sensitivity.sensitivity`."""
        return self._drawn("sensitivity", style, self._runs(), self._metric(metric))

    def heatmap(self, metric: str | None = None, style: str = "notebook") -> "Figure":
        """See `optlab.report.figures.heatmap.heatmap`."""
        return self._drawn("heatmap", style, self._runs(), self._metric(metric))

    def trials(self, metric: str | None = None, style: str = "notebook") -> "Figure":
        """See `optlab.report.figures.trials.trials`."""
        return self._drawn("trials", style, self._runs(), self._metric(metric))

    def profiles(
        self, axis: str = "gradient_evals", metric: str | None = None, style: str = "notebook"
    ) -> "Figure":
        """See `optlab.report.figures.profiles.profiles`."""
        tables = self._runs(), self._results.trajectories
        return self._drawn("profiles", style, *tables, axis, self._metric(metric))

    def final(self, metric: str | None = None, style: str = "notebook") -> "Figure":
        """See `optlab.report.figures.final.final`."""
        chosen = self._metric(metric)
        columns = tuple(dict.fromkeys((chosen, "final_train_cost", "final_test_accuracy")))
        return self._drawn("final", style, self._runs(), columns, chosen)

    def ranks(self, metric: str | None = None, style: str = "notebook") -> "Figure":
        """See `optlab.report.figures.ranks.ranks`."""
        return self._drawn("ranks", style, self._runs(), self._metric(metric))

    def overview(self, metric: str | None = None, style: str = "notebook") -> "Figure":
        """See `optlab.report.figures.overview.overview`."""
        return self._drawn("overview", style, self._runs(), self._metric(metric))

    def critical_difference(self, metric: str | None = None, style: str = "notebook") -> "Figure":
        """See `optlab.report.figures.critical_difference.critical_difference`."""
        return self._drawn("critical_difference", style, self._runs(), self._metric(metric))

    def capacity(self, metric: str | None = None, style: str = "notebook") -> "Figure":
        """See `optlab.report.figures.capacity.capacity`."""
        return self._drawn("capacity", style, self._results, self._metric(metric))

    def gaps(self, metric: str | None = None, style: str = "notebook") -> "Figure":
        """See `optlab.report.figures.gaps.gaps`."""
        return self._drawn("gaps", style, self._results, self._metric(metric))

    def regions(
        self, problem: str | None = None, metric: str | None = None, style: str = "notebook"
    ) -> "Figure":
        """See `optlab.report.figures.regions.regions`."""
        return self._drawn("regions", style, self._results, problem, self._metric(metric))

    def learning(
        self, problem: str | None = None, metric: str | None = None, style: str = "notebook"
    ) -> "Figure":
        """See `optlab.report.figures.learning.learning`."""
        return self._drawn("learning", style, self._results, problem, self._metric(metric))

    def path(
        self, problem: str | None = None, metric: str | None = None, style: str = "notebook"
    ) -> "Figure":
        """See `optlab.report.figures.path.path`."""
        return self._drawn("path", style, self._results, problem, self._metric(metric))

    def weights(
        self, problem: str | None = None, metric: str | None = None, style: str = "notebook"
    ) -> "Figure":
        """See `optlab.report.figures.images.weights`."""
        return self._drawn("images.weights", style, self._results, problem, self._metric(metric))

    def mistakes(
        self, problem: str | None = None, metric: str | None = None, style: str = "notebook"
    ) -> "Figure":
        """See `optlab.report.figures.images.mistakes`."""
        return self._drawn("images.mistakes", style, self._results, problem, self._metric(metric))

    def confusion(
        self, problem: str | None = None, metric: str | None = None, style: str = "notebook"
    ) -> "Figure":
        """See `optlab.report.figures.confusion.confusions`."""
        return self._drawn("confusion.confusions", style, self._results, problem, self._metric(metric))

    def noise(
        self, problem: str | None = None, metric: str | None = None, style: str = "notebook"
    ) -> "Figure":
        """See `optlab.report.figures.noise.noise_answers`."""
        return self._drawn("noise.noise_answers", style, self._results, problem, self._metric(metric))

    def _runs(self) -> pd.DataFrame:
        from optlab.analysis.optimum.certificates import with_optimum
        from optlab.analysis.problem.seeds import with_roles

        return with_optimum(with_roles(self._results.runs))

    def _metric(self, metric: str | None) -> str:
        from optlab.analysis.problem.outcomes import METRICS, configured_metric
        from optlab.core.errors import UserError

        metric = metric or configured_metric(self._results.runs)
        if metric not in METRICS:
            raise UserError(f"metric={metric}: there is no such metric; choose from {', '.join(METRICS)}")
        return metric

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
