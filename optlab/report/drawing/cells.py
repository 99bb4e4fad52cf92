"""Tables of coloured cells, drawn by seaborn in the house's colours."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_hex, to_rgb, to_rgba

from optlab.core.arrays import Array
from optlab.report.drawing.style import BLUE, DARK, INK, LIGHT, PAPER, RULE

BLUES = LinearSegmentedColormap.from_list("blues", [to_rgba(BLUE, 0.0), to_rgba(BLUE, 1.0)])
"""From the page's own colour to blue."""

LIGHT_GROUND = 0.2  # relative luminance from which on dark letters have the better contrast


def draw_cells(
    axes: Axes,
    values: Array,
    texts: Array | None = None,
    fontsize: float = 6.5,
    **options: Any,
) -> None:
    """Draw a table of numbers as colours, NaN as an empty cell.

    Args:
        axes: where.
        values: (rows, columns) numbers.
        texts: (rows, columns) what is written into the cells; None: nothing.
        fontsize: of the texts.
        options: of `seaborn.heatmap`, such as ``cmap vmin vmax norm``.
    """
    import seaborn  # takes half a second: only the process that draws such a table pays for it

    seaborn.heatmap(
        values,
        ax=axes,
        mask=np.isnan(values),
        annot=texts if texts is not None else False,
        fmt="",
        annot_kws={"fontsize": fontsize},
        cbar=False,
        linewidths=0.6,
        linecolor="none",
        **options,
    )
    mesh: Any = axes.collections[-1]
    colors = mesh.get_facecolors().reshape(*values.shape, 4)
    for text in axes.texts:
        x, y = text.get_position()
        text.set_color(ink_on(colors[int(y), int(x)]))
    axes.grid(False)
    axes.tick_params(length=0)


def ink_on(color: Any) -> str:
    """The colour of letters upon a colour, on a light page and on a dark one; ink upon the page itself."""
    if (len(color) == 4 and color[3] < 0.5) or to_hex(color) in (
        RULE,
        PAPER,
    ):  # the page has its own of these
        return INK
    return DARK if luminance(color) > LIGHT_GROUND else LIGHT


def luminance(color: Any) -> float:
    """Relative luminance of WCAG 2.2."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))
