"""The figures as the page shows them: drawing, caption, and the code that draws each again."""

from pathlib import Path
from typing import Any

from optlab.analysis.study import Study
from optlab.report.drawing import store
from optlab.report.drawing.illustration import FOLDERS, Illustration


def by_section(
    illustrations: list[Illustration], folder: Path, study: Study
) -> dict[str, list[dict[str, Any]]]:
    """The figures stored in `folder` by section of the page."""
    named = map(str, study.results.folders)
    load = ", ".join(f'"{name}"' if '"' not in name else repr(name) for name in named)
    sections: dict[str, list[dict[str, Any]]] = {}
    for figure in illustrations:
        sections.setdefault(figure.family, []).append(
            {
                "name": figure.name,
                "title": figure.title,
                "caption": figure.caption,
                "code": figure.code.replace(FOLDERS, load),
                "html": figure.write(folder) if figure.write else "",
                "svg": "" if figure.write else store.inline(folder / f"{figure.name}.svg", figure.name),
            }
        )
    return sections
