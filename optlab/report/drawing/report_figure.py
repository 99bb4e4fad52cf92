"""A figure of the report as a record: how it is drawn, what its caption says, when there is anything to draw.

Each file of `optlab.report.figures` holds one. The page, ``results.plot`` and the code that draws a figure
again are made from these records alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from inspect import Parameter, signature
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib
from matplotlib.figure import Figure

from optlab.analysis.study import Study
from optlab.report.drawing import panels, store
from optlab.report.drawing.style import settings


class Variant(NamedTuple):
    """One of the figures that a record makes of a study: one per axis, say, or per problem."""

    suffix: str = ""
    """What its files are called after the name of the record: ``step`` -> ``convergence-step.svg``."""
    title: str = ""
    """On its tab; "": that of the record."""
    options: Mapping[str, Any] = {}
    """Arguments of `ReportFigure.draw`."""


def single(study: Study) -> Sequence[Variant]:
    """One figure without options."""
    return [Variant()]


def nothing_missing(study: Study, **options: Any) -> str:
    """The `obstacle` of a figure that every study allows."""
    return ""


@dataclass(frozen=True)
class ReportFigure:
    """One kind of figure. Its functions take a study and, by name, the options that `draw` has."""

    name: str
    """Of the method of ``results.plot``, and of the files."""
    section: str
    """The section of the page that shows it, see `page.sections`."""
    order: int
    """Its place in the section, the least first."""
    title: str
    draw: Callable[..., Figure]
    """Its docstring is that of the method of ``results.plot``."""
    caption: Callable[..., str]
    """Full sentences, at most 40 words."""
    obstacle: Callable[..., str] = nothing_missing
    """Why there is nothing to draw; "" if there is."""
    variants: Callable[[Study], Sequence[Variant]] = single
    """Which figures the page shows, of those that have no obstacle."""
    seaborn: bool = False
    """Whether it is drawn with seaborn: such figures come first, in the process that imports it early."""
    player: Callable[..., str] | None = None
    """Takes a study, the folder of figures, the name of the files and the options of `draw`: writes the
    figure and further files, and returns trusted HTML that the page shows instead of the SVG. What comes from
    the user is escaped in it, and it loads nothing."""

    @cached_property
    def options(self) -> dict[str, Any]:
        """The options of `draw`, each with its default."""
        parameters = list(signature(self.draw).parameters.values())[1:]
        return {parameter.name: parameter.default for parameter in parameters}

    @cached_property
    def parameters(self) -> list[Parameter]:
        """The same as parameters of a function."""
        return list(signature(self.draw).parameters.values())[1:]

    def available(self, study: Study, **options: Any) -> bool:
        """Whether there is anything to draw."""
        return not self.obstacle(study, **self.options | options)

    def make(self, study: Study, **options: Any) -> Figure:
        """The figure in the current style; without anything to draw, one that says why."""
        options = self.options | options
        with matplotlib.rc_context(settings()):
            obstacle = self.obstacle(study, **options)
            return panels.empty_figure(obstacle) if obstacle else self.draw(study, **options)

    def drawings(self, study: Study) -> list["Drawing"]:
        """The figures that the page shows."""
        return [
            Drawing(self, variant)
            for variant in self.variants(study)
            if self.available(study, **variant.options)
        ]


@dataclass(frozen=True)
class Drawing:
    """One figure of a report."""

    figure: ReportFigure
    variant: Variant

    @property
    def name(self) -> str:
        """Of its files."""
        name, suffix = self.figure.name.replace("_", "-"), self.variant.suffix
        return f"{name}-{suffix}" if suffix else name

    @property
    def title(self) -> str:
        return self.variant.title or self.figure.title

    def caption(self, study: Study) -> str:
        return self.figure.caption(study, **{**self.figure.options, **self.variant.options})

    def save(self, study: Study, folder: Path) -> str:
        """Draw it and write its files; returns what `ReportFigure.player` returns, or ""."""
        if self.figure.player:
            return self.figure.player(study, folder, self.name, **self.variant.options)
        store.save(self.figure.make(study, **self.variant.options), folder, self.name)
        return ""

    def code(self, study: Study, style: Mapping[str, str]) -> str:
        """Python that draws it again: `style` is the argument of that name, if it is not the default."""
        folders = ", ".join(_literal(str(folder)) for folder in study.results.folders)
        options = {**self.variant.options, **study.options, **style}
        arguments = ", ".join(f"{name}={_literal(value)}" for name, value in options.items())
        call = f"results.plot.{self.figure.name}({arguments})"
        return f'import optlab\n\nresults = optlab.load({folders})\n{call}.savefig("{self.name}.pdf")'


def _literal(value: Any) -> str:
    """`value` as Python, texts in double quotes where they hold none."""
    return f'"{value}"' if isinstance(value, str) and not {'"', "\\"} & set(value) else repr(value)
