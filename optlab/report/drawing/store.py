"""Figures as files: SVG for the page, PNG for Markdown, PDF for papers."""

import re
from collections.abc import Iterable
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from optlab.report.drawing import style
from optlab.report.drawing.style import INK, PAPER, RULE, settings

FORMATS = {"svg": {"Date": None, "Creator": None}, "png": {"Software": None}, "pdf": {"CreationDate": None}}
EXACT = 128  # colours of a PNG's palette that are not shared
COLORS = sorted({*style.COLORS, INK, PAPER, RULE})
INLINE = {INK: "currentColor", RULE: "var(--rule)", PAPER: "var(--page)"}  # the page's colours, light or dark


def save(figure: Figure, folder: Path, name: str) -> None:
    """Write ``name.svg``, ``name.png`` and ``name.pdf``; the same figure gives the same bytes."""
    with matplotlib.rc_context(settings()):
        for ending, metadata in FORMATS.items():
            figure.savefig(folder / f"{name}.{ending}", metadata=metadata)
    if "png" in FORMATS:
        _shrink(folder / f"{name}.png")


def _shrink(path: Path) -> None:
    """Give a PNG a palette of 256 colours, which figures do not exceed visibly: a third of the size.

    The optimizers' own colours and the commonest others stay as they are; the rest share what is left.
    """
    with Image.open(path) as image:
        full = image.convert("RGB")
    small = full.quantize(256 - EXACT, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    palette = np.zeros((256, 3), np.uint8)
    shared = np.reshape(small.getpalette() or [], (-1, 3))[: 256 - EXACT]
    palette[: len(shared)] = shared
    bits = np.array([16, 8, 0], np.int32)
    packed = (np.array(full, np.int32) << bits).sum(axis=2, dtype=np.int32)  # one number per pixel
    values, inverse, counts = np.unique(packed, return_inverse=True, return_counts=True)
    own = np.isin(values, [int(color[1:], 16) for color in COLORS])
    exact = np.lexsort((-counts, ~own))[:EXACT]
    place = np.full(len(values), -1)
    place[exact] = 256 - EXACT + np.arange(len(exact))
    palette[place[exact]] = values[exact, None] >> bits & 255
    places = place[inverse].reshape(packed.shape)
    small = Image.fromarray(np.where(places < 0, np.array(small), places).astype(np.uint8))
    small.putpalette(palette.tobytes())
    small.save(path, optimize=True)


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
