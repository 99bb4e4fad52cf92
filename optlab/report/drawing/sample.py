"""A sample of an optimizer's line and marker, for the page."""

from functools import cache

from matplotlib.markers import MarkerStyle
from matplotlib.path import Path

from optlab.report.drawing.style import INK, look, weight

WIDTH, HEIGHT = 26, 10  # of the sample, in its own units
SIZE = 7  # of a marker
COMMANDS = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C", Path.CLOSEPOLY: "Z"}


@cache
def sample(optimizer: str) -> str:
    """An SVG with the line and the marker of `optimizer`; ink has the colour of the page's text."""
    color, dash, marker = look(optimizer)
    fill = "currentColor" if color == INK else color
    dashes = (
        "" if dash == "solid" else f' stroke-dasharray="{" ".join(f"{1.5 * part:g}" for part in dash[1])}"'
    )
    return (
        f'<svg class="sample" viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true">'
        f'<path d="M0 {HEIGHT / 2:g}H{WIDTH - SIZE}" stroke="{fill}" stroke-width="1.5"{dashes}/>'
        f'<path d="{_outline(marker, SIZE * weight(marker))}" fill="{fill}"/></svg>'
    )


def _outline(marker: str, size: float) -> str:
    """The marker at the end of the line."""
    style = MarkerStyle(marker)
    path = style.get_path().transformed(style.get_transform())
    parts = []
    for points, code in path.iter_segments(simplify=False):
        places = [
            f"{WIDTH - SIZE / 1.7 + size * x:.2f} {HEIGHT / 2 - size * y:.2f}"
            for x, y in points.reshape(-1, 2)
        ]
        command = COMMANDS[code]
        parts.append(command if command == "Z" else command + " ".join(places))
    return "".join(parts)
