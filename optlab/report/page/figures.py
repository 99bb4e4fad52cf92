"""The figures as the page shows them: drawing, caption, and the code that draws each again."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from optlab.analysis.study import Study
from optlab.report.drawing import helper, store
from optlab.report.drawing.report_figure import Drawing
from optlab.report.drawing.style import DEFAULT, Style, style_of, use_style
from optlab.report.figures import drawings
from optlab.report.page.section import Section

ALWAYS = ("answer", "findings", "setup", "paper", "rebuild")  # sections whose content stands in the templates

Drawn = tuple[Drawing, str]
"""A figure whose files are written, and what `Drawing.save` returned."""


def begin(study: Study, folder: Path, style: str) -> Callable[[], list[Drawn]]:
    """Begin to draw the figures of a study into `folder`, in a second process if there is one.

    What is returned draws what is left and returns all figures in the order of the page. Those of seaborn
    come first: the second process has imported it by then, which takes half a second.
    """
    shown = drawings(study)
    queue = sorted(shown, key=lambda drawing: not drawing.figure.seaborn)
    share = helper.share(helper.call(), partial(_save, study, folder, style_of(style)), queue)

    def finish() -> list[Drawn]:
        players = {drawing.name: player for drawing, player in zip(queue, share(), strict=True)}
        return [(drawing, players[drawing.name]) for drawing in shown]

    return finish


def _save(study: Study, folder: Path, style: Style, drawing: Drawing) -> str:
    with use_style(style):
        return drawing.save(study, folder)


def with_figures(
    sections: Sequence[Section], drawn: Iterable[Drawn], folder: Path, study: Study, style: str
) -> list[Section]:
    """Those of the sections that have something to say, with the figures that are stored in `folder`.

    Args:
        sections: all of them; figures join the one that they name, but for the first of convergence, which
            stands with the answers.
        drawn: the figures.
        folder: where their files are.
        study: what is drawn.
        style: of the figures.
    """
    options = {} if style == DEFAULT else {"style": style}
    figures: dict[str, list[dict[str, Any]]] = {section.name: [] for section in sections}
    for drawing, player in drawn:
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
    if figures["convergence"]:
        first = figures["convergence"].pop(0)
        figures["answer"] = [first | {"title": f"Convergence {first['title']}"}]
    complete = [section._replace(figures=tuple(figures[section.name])) for section in sections]
    return [s for s in complete if s.name in ALWAYS or s.tables or s.figures or s.notes or s.texts]
