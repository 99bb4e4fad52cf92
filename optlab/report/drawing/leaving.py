"""Lines that leave a panel at its top: an arrow where they leave it, with the value that they go to."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes

from optlab.core.arrays import Array
from optlab.report import words
from optlab.report.drawing import panels
from optlab.report.drawing.style import look


def mark_leaving(axes: Axes, lines: Mapping[str, tuple[Array, Array]]) -> None:
    """Draw an arrow at the upper edge for every line, (x, y), that is above it at its end.

    Beside it stands the last value, ∞ if the line has none. Limits must be set before; the arrows of several
    lines stand side by side where they leave.
    """
    top = axes.get_ylim()[1]
    leaving = {name: (x, y) for name, (x, y) in lines.items() if len(y) and not y[-1] <= top}
    ordered = sorted(leaving, key=lambda name: _exit(axes, *leaving[name], top))
    for row, name in enumerate(ordered):
        x, y = leaving[name]
        place, color = _exit(axes, x, y, top), look(name).color
        with panels.belongs_to(axes, name):
            axes.plot([place], [0.985], marker="^", markersize=4.5, color=color, linestyle="none",
                      transform=axes.transAxes, clip_on=False, zorder=4)  # fmt: skip
            last = float(y[-1]) if np.isfinite(y[-1]) else np.inf
            left = place > 0.6
            axes.annotate(words.number(last, 3), (place, 0.985), xycoords="axes fraction",
                          xytext=(-4 if left else 4, -1 - 7 * row), textcoords="offset points", fontsize=6,
                          ha="right" if left else "left", va="center", color=color)  # fmt: skip


def _exit(axes: Axes, x: Array, y: Array, top: float) -> float:
    """Where a line crosses the upper edge for the last time, in shares of the width."""
    above = ~(y <= top)
    inside = np.flatnonzero(~above)
    first = int(inside[-1]) + 1 if len(inside) else 0
    heights = np.where(np.isfinite(y), y, np.finfo(float).max / 2)
    ends = np.column_stack([x, heights])[max(first - 1, 0) : first + 1]
    with np.errstate(all="ignore"):
        points = axes.transAxes.inverted().transform(axes.transData.transform(ends))
    (x0, y0), (x1, y1) = points[0], points[-1]
    share = (1 - y0) / (y1 - y0) if np.isfinite(y1) and y1 > y0 else 1.0
    return float(np.clip(x0 + np.clip(share, 0, 1) * (x1 - x0), 0, 1))
