"""Figures as files: SVG for the page, PNG for Markdown, PDF for papers."""

import re
from collections.abc import Iterable
from pathlib import Path

import matplotlib
from matplotlib.figure import Figure
from PIL import Image

from optlab.report.illustration import Illustration
from optlab.report.style import INK, PAPER, RULE, Style, settings, use

FORMATS = {"svg": {"Date": None, "Creator": None}, "png": {"Software": None}, "pdf": {"CreationDate": None}}
INLINE = {INK: "currentColor", RULE: "var(--rule)", PAPER: "var(--page)"}  # the page's colours, light or dark


def save(figure: Figure, folder: Path, name: str) -> None:
    """Write ``name.svg``, ``name.png`` and ``name.pdf``; the same figure gives the same bytes."""
    with matplotlib.rc_context(settings()):
        for ending, metadata in FORMATS.items():
            figure.savefig(folder / f"{name}.{ending}", metadata=metadata)
    if "png" in FORMATS:
        _shrink(folder / f"{name}.png")


def _shrink(path: Path) -> None:
    """Give a PNG a palette of 256 colours, which figures do not exceed visibly: a third of the size."""
    with Image.open(path) as image:
        small = image.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


def draw(drawing: Illustration, folder: Path, style: Style) -> None:
    """Draw and write a figure."""
    with use(style):
        save(drawing.draw(), folder, drawing.name)


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
