"""Figures in a notebook: ``results.plot.convergence()`` and its sisters return matplotlib figures."""

from dataclasses import dataclass, fields
from functools import cached_property, partial
from inspect import Parameter, Signature, cleandoc
from io import BytesIO
from typing import TYPE_CHECKING, Any

from optlab.core.options import unknown
from optlab.store.read import Results

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import pandas as pd
    from matplotlib.figure import Figure

    from optlab.analysis.study import Study
    from optlab.analysis.trained.trained_model import TrainedModel
    from optlab.report.drawing.report_figure import ReportFigure

COMMON = {
    "metric": ("str | None", None),
    "tuning_seeds": ("Iterable[int] | None", None),
    "evaluation_seeds": ("Iterable[int] | None", None),
    "optimum": ("Mapping[str, float] | None", None),
    "style": ("str", "notebook"),
}
"""Arguments of every figure, by keyword only: type and default."""

HELP = """\
    metric: what settings are chosen by and optimizers ranked by; None: the `objective_metric` of the runs.
    tuning_seeds, evaluation_seeds: what settings are chosen on and judged on; None: all seeds.
    optimum: minima of the cost that are known, by problem or a part of its name.
    style: ``notebook``, ``paper`` (column width) or ``talk``.
"""


@dataclass(frozen=True)
class Drawable(Results):
    """`Results` with figures, tables and trained models."""

    @cached_property
    def plot(self) -> "Plot":
        """The figures of the report; ``results.plot.convergence().savefig("figure.pdf")`` stores one."""
        return Plot(self)

    @cached_property
    def _study(self) -> "Study":
        from optlab.analysis.study import study

        return study(self)

    def summary(self) -> "pd.DataFrame":
        """The table of the report: every optimizer at its best setting, see `analysis.comparison.summary`."""
        return self._study.summary

    def best(self, problem: str | None = None) -> "pd.Series":
        """The run to take home, see `analysis.trained.best`.

        Args:
            problem: its name or a part of it; None: there is one only.

        Raises:
            UserError: no such problem or several, or every run diverged.
        """
        from optlab.analysis.trained.best import best_run

        return best_run(self._study, problem)

    def model(self, run_id: str = "best") -> "TrainedModel":
        """The model of a run, which predicts from raw rows, see `analysis.trained.trained_model`.

        Args:
            run_id: perhaps shortened; ``best``: the one of `best`.

        Raises:
            UserError: no such run; or it diverged; or its data are needed and not on this machine.
        """
        from optlab.analysis.trained.trained_model import trained_model

        return trained_model(self, self._run_id(run_id))

    def coefficients(self, run_id: str = "best", level: float = 0.95) -> "pd.DataFrame":
        """Coefficients of a run in the units of the table, see `analysis.trained.coefficients`.

        Args:
            run_id: see `model`.
            level: of Wald's intervals.

        Raises:
            UserError: see `model`; or a model without coefficients.
        """
        from optlab.analysis.trained.coefficients import coefficients

        return coefficients(self, self._run_id(run_id), level)

    def scores(self, run_id: str = "best", thresholds: "Sequence[float]" = (0.5,)) -> "pd.DataFrame":
        """ROC AUC, precision, recall, F1 and the majority's accuracy of a run on each part of its data.

        Args:
            run_id: see `model`.
            thresholds: of the probability of the second of two classes.

        Raises:
            UserError: see `model`; or the data are not on this machine.
        """
        from optlab.analysis.trained.trained_model import part_scores

        return part_scores(self, self._run_id(run_id), thresholds)

    def tidy(self) -> "pd.DataFrame":
        """Runs and trajectories in one table, see `overview.tidy`."""
        from optlab.report.overview import tidy

        return tidy(self)

    def report(self, folder: "str | Path", **options: Any) -> "Path":
        """Write the report into a folder; the path of its page. Options are those of `page.build`.

        Raises:
            UserError: see `page.build`.
        """
        from pathlib import Path

        from optlab.report.page.page import build

        return build(self, Path(folder), **options)

    def _run_id(self, run_id: str) -> str:
        return str(self.best()["run_id"]) if run_id == "best" else run_id

    def _repr_html_(self) -> str:
        from optlab.report.overview import html

        return html(self)


def drawable(results: Results) -> Drawable:
    """`results` with their figures."""
    return Drawable(**{field.name: getattr(results, field.name) for field in fields(Results)})


class Plot:
    """The figures of the report, a method for each record of `optlab.report.figures`."""

    def __init__(self, results: Results) -> None:
        self._results = results
        self._studies: dict[str, Any] = {}

    def __dir__(self) -> list[str]:
        from optlab.report.figures import figures

        return [*super().__dir__(), *figures()]

    def __getattr__(self, name: str) -> "Callable[..., Figure]":
        if name.startswith("_"):  # what a notebook asks of every object
            raise AttributeError(name)
        from optlab.report.figures import figures

        if name not in figures():
            raise AttributeError(f"there is no figure '{name}'; choose from {', '.join(sorted(figures()))}")
        return self._method(figures()[name])

    def _method(self, record: "ReportFigure") -> "Callable[..., Figure]":
        """A function that draws a figure, with the signature and the docstring of the record's."""

        common = [
            Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
            for name, (annotation, default) in COMMON.items()
        ]
        signature = Signature([*record.parameters, *common])

        def method(*args: Any, **options: Any) -> Any:
            return self._make(record, **signature.bind(*args, **options).arguments)

        method.__name__ = method.__qualname__ = record.name
        method.__doc__ = f"{cleandoc(record.draw.__doc__ or '')}\n\nArguments of every figure:\n{HELP}"
        method.__signature__ = signature  # type: ignore[attr-defined]
        return method

    def _make(self, record: "ReportFigure", style: str = "notebook", **options: Any) -> "Figure":
        from optlab.report.drawing.style import style_of, use_style

        own = {name: options.pop(name) for name in record.options if name in options}
        _check_names(self._results, own)
        with use_style(style_of(style)):
            figure = record.make(self._study(options), **own)
        figure._repr_png_ = partial(_png, figure)  # type: ignore[attr-defined]  # a notebook shows it
        return figure

    def _study(self, options: dict[str, Any]) -> "Study":
        """The study with these options, made once."""
        from optlab.analysis.study import study

        key = repr(sorted(options.items()))
        if key not in self._studies:
            self._studies[key] = study(self._results, **options)
        return self._studies[key]


def _check_names(results: Results, options: dict[str, Any]) -> None:
    """Refuse an axis or a column that there is not.

    Raises:
        UserError: it names the choices.
    """
    from optlab.report.words import AXES

    columns = [name for name, kind in results.trajectories.dtypes.items() if kind.kind in "fiu"]
    choices = {"axis": list(AXES), "column": ["gap", *map(str, columns)]}
    for option, known in choices.items():
        value = options.get(option)
        if value is not None and value not in known:
            raise unknown(f"{option}={value}", f"there is no {option} '{value}'", str(value), known)


def _png(figure: "Figure") -> bytes:
    """`figure` as a PNG in memory."""
    file = BytesIO()
    figure.savefig(file, format="png", dpi=160)
    return file.getvalue()
