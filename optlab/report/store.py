"""Figures as files: SVG for the page, PNG for Markdown, PDF for papers."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import joblib
import matplotlib
from matplotlib.figure import Figure

from optlab.report.illustration import Illustration
from optlab.report.style import INK, PAPER, RULE, Style, settings, use

FORMATS = {"svg": {"Date": None, "Creator": None}, "png": {"Software": None}, "pdf": {"CreationDate": None}}
INLINE = {INK: "currentColor", RULE: "var(--rule)", PAPER: "var(--page)"}  # the page's colours, light or dark
FEW = 5  # figures that are drawn about as soon as other processes have started


def save(figure: Figure, folder: Path, name: str) -> None:
    """Write ``name.svg``, ``name.png`` and ``name.pdf``; the same figure gives the same bytes."""
    with matplotlib.rc_context(settings()):
        for ending, metadata in FORMATS.items():
            figure.savefig(folder / f"{name}.{ending}", metadata=metadata)


def save_all(drawings: Sequence[Illustration], folder: Path, style: Style) -> Iterator[None]:
    """Draw and write figures; many of them in other processes, which begin at once.

    What is returned must be exhausted: then all figures are there.
    """
    processes = min(joblib.cpu_count(), 1 + len(drawings) // FEW) if len(drawings) > FEW else 1
    tasks = (joblib.delayed(_draw)(figure.draw, folder, figure.name, style) for figure in drawings)
    return joblib.Parallel(n_jobs=processes, return_as="generator_unordered")(tasks)


def _draw(draw: Callable[[], Figure], folder: Path, name: str, style: Style) -> None:
    with use(style):
        save(draw(), folder, name)


def remove_earlier(folder: Path, endings: Iterable[str]) -> None:
    """Take away what an earlier report has left in `folder`."""
    for ending in endings:
        for path in folder.glob(f"*.{ending}"):
            path.unlink()


def inline(path: Path, name: str) -> str:
    """The SVG in `path` as a part of the page: ids made its own, colours those of the page."""
    svg = path.read_text(encoding="utf-8")
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    svg = re.sub(r'\bid="of:([^"]*)"', r'data-of="\1"', svg)
    svg = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{name}-", svg)
    for color, meant in INLINE.items():
        svg = svg.replace(color, meant)
    width = float(re.search(r'width="([\d.]+)pt"', svg)[1])  # type: ignore[index]
    svg = re.sub(
        r'<svg [^>]*?(viewBox="[^"]*")[^>]*>',
        rf'<svg \1 style="width:{1.9 * width:.0f}px;min-width:{1.15 * width:.0f}px">',
        svg,
        count=1,
    )
    return re.sub(r"\n\s*", "\n", svg)
