"""The figures as the page shows them: drawing, caption, and the code that draws each again."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from optlab.analysis.study import Study
from optlab.report.drawing import store
from optlab.report.drawing.report_figure import Drawing
from optlab.report.drawing.style import DEFAULT, Style, use_style


def save(study: Study, folder: Path, style: Style, drawing: Drawing) -> str:
    """Write the files of a figure; what `Drawing.save` returns."""
    with use_style(style):
        return drawing.save(study, folder)


def by_section(
    drawings: Sequence[Drawing], players: Sequence[str], folder: Path, study: Study, style: str
) -> dict[str, list[dict[str, Any]]]:
    """The figures stored in `folder` by section of the page; `players` is what `save` returned for each."""
    options = {} if style == DEFAULT else {"style": style}
    sections: dict[str, list[dict[str, Any]]] = {}
    for drawing, player in zip(drawings, players, strict=True):
        sections.setdefault(drawing.figure.section, []).append(
            {
                "name": drawing.name,
                "title": drawing.title,
                "caption": drawing.caption(study),
                "code": drawing.code(study, options),
                "html": player,
                "svg": "" if player else store.inline(folder / f"{drawing.name}.svg", drawing.name),
            }
        )
    return sections
