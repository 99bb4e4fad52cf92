"""Figures in a notebook: ``results.plot.convergence()`` and its sisters return matplotlib figures."""

from dataclasses import dataclass, fields
from functools import cached_property, partial
from inspect import Parameter, Signature, cleandoc
from io import BytesIO
from typing import TYPE_CHECKING, Any

from optlab.store.read import Results

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure

    from optlab.analysis.study import Study
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
    """`Results` that can be drawn."""

    @cached_property
    def plot(self) -> "Plot":
        """The figures of the report; ``results.plot.convergence().savefig("figure.pdf")`` stores one."""
        return Plot(self)


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


def _png(figure: "Figure") -> bytes:
    """`figure` as a PNG in memory."""
    file = BytesIO()
    figure.savefig(file, format="png", dpi=160)
    return file.getvalue()
