"""The figures as the page shows them: drawing, caption, and the code that draws each again."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from optlab.analysis.study import Study
from optlab.report.drawing import store
from optlab.report.drawing.report_figure import Drawing
from optlab.report.drawing.style import DEFAULT, Style, use_style
from optlab.report.page.section import Section

ALWAYS = ("findings", "setup", "paper", "rebuild")  # sections whose content stands in the templates


def save(study: Study, folder: Path, style: Style, drawing: Drawing) -> str:
    """Write the files of a figure; what `Drawing.save` returns."""
    with use_style(style):
        return drawing.save(study, folder)


def with_figures(
    sections: Sequence[Section],
    drawings: Sequence[Drawing],
    players: Sequence[str],
    folder: Path,
    study: Study,
    style: str,
) -> list[Section]:
    """Those of the sections that have something to say, with the figures that are stored in `folder`.

    Args:
        sections: all of them; figures join the one that they name.
        drawings: the figures.
        players: what `save` returned for each.
        folder: where their files are.
        study: what is drawn.
        style: of the figures.
    """
    options = {} if style == DEFAULT else {"style": style}
    figures: dict[str, list[dict[str, Any]]] = {section.name: [] for section in sections}
    for drawing, player in zip(drawings, players, strict=True):
        figures[drawing.figure.section].append(
            {
                "name": drawing.name,
                "title": drawing.title,
                "caption": drawing.caption(study),
                "code": drawing.code(study, options),
                "html": player,
                "svg": "" if player else store.inline(folder / f"{drawing.name}.svg", drawing.name),
            }
        )
    complete = [section._replace(figures=tuple(figures[section.name])) for section in sections]
    return [s for s in complete if s.name in ALWAYS or s.tables or s.figures or s.notes]
