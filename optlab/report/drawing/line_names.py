"""Names of lines right of their ends, so that no legend must be searched."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes

from optlab.core.arrays import Array
from optlab.report.drawing import panels
from optlab.report.drawing.style import MUTED, in_order, look, weight

ROW = 0.128  # inches between names
MAX_NAME = 16  # characters
START = 0.1  # inches from the panel to the markers
TOLERANCE = 0.006  # of the height of a panel, within which a line lies under another


def room(names: list[str]) -> float:
    """Inches that the names take right of a panel."""
    return START + 0.14 + 0.066 * max(len(panels.clip(f"= {name}", MAX_NAME)) for name in names)


def write_names(axes: Axes, lines: Mapping[str, tuple[Array, Array]]) -> None:
    """Write the name of every optimizer beside the end of its line, (x, y); limits must be set before.

    A line that lies under another from its beginning to its end is named below it, after ``=``.
    """
    paths = {name: _in_panel(axes, *lines[name]) for name in in_order(lines)}
    groups = sorted(_groups(paths), key=lambda group: _place(paths[group[0]]))
    names = [name for group in groups for name in group]
    width, height = (size / axes.figure.dpi for size in (axes.bbox.width, axes.bbox.height))
    ends = np.array([paths[group[0]][1][-1] for group in groups for _ in group])
    places = spread(ends, min(ROW / height, 1.08 / len(names)))
    first = {group[0] for group in groups}
    for name, place in zip(names, places, strict=True):
        color, _, marker = look(name)
        x, y = (part[-1] for part in paths[name])
        left = 1 + START / width
        with panels.belongs_to(axes, name):
            axes.plot([x, left - 0.04 / width], [y, place], color=color, linewidth=0.5, alpha=0.7,
                      linestyle="dotted", transform=axes.transAxes, clip_on=False, zorder=1)  # fmt: skip
            axes.plot([left], [place], color=color, marker=marker, markersize=4 * weight(marker),
                      linestyle="none", transform=axes.transAxes, clip_on=False)  # fmt: skip
            text = panels.clip(name if name in first else f"= {name}", MAX_NAME)
            axes.text(left + 0.07 / width, place, text, transform=axes.transAxes, va="center", fontsize=7)


def name_covered(axes: Axes, lines: Mapping[str, tuple[Array, Array]]) -> None:
    """Say in the corner of a panel which lines, (x, y), lie under another: ``newton = newton_cg``."""
    paths = {name: _in_panel(axes, *lines[name]) for name in in_order(lines)}
    groups = [group for group in _groups(paths) if len(group) > 1]
    texts = [" = ".join(panels.clip(name, MAX_NAME) for name in group) for group in groups]
    axes.text(1.0, 1.0, "\n".join(texts), transform=axes.transAxes, ha="right", va="top", fontsize=6,
              color=MUTED)  # fmt: skip


def _groups(paths: Mapping[str, tuple[Array, Array]]) -> list[list[str]]:
    """The names in groups whose lines cover each other."""
    groups: list[list[str]] = []
    for name, path in paths.items():
        over = next((group for group in groups if _coincide(paths[group[0]], path)), None)
        if over is None:
            groups.append([name])
        else:
            over.append(name)
    return groups


def _place(path: tuple[Array, Array]) -> tuple[float, float]:
    """What orders names from the top to the bottom; of ends at one height, so that no leaders cross."""
    x, y = (float(part[-1]) for part in path)
    return -round(y, 2), x if y < 0.5 else -x


def spread(heights: Array, least: float) -> Array:
    """Places (n,) near `heights`, which decrease, at least so far apart, and between 0 and 1 if they fit.

    They have the least squared distances from `heights`: the isotonic regression of what remains when the
    least distances are taken away (pool adjacent violators).
    """
    steps = least * np.arange(len(heights))[::-1]  # from the top to the bottom
    pools: list[tuple[float, int]] = []
    for value in heights - steps:
        pools.append((float(value), 1))
        while len(pools) > 1 and pools[-2][0] < pools[-1][0]:
            (one, m), (other, n) = pools.pop(-2), pools.pop()
            pools.append(((m * one + n * other) / (m + n), m + n))
    level = np.concatenate([np.full(n, value) for value, n in pools])
    slack = 1.0 - steps[0]
    return np.clip(level, min(0.0, slack), max(0.0, slack)) + steps


def _in_panel(axes: Axes, x: Array, y: Array) -> tuple[Array, Array]:
    """A line in shares of the panel, its heights cut off at the borders."""
    points = np.column_stack([x, np.nan_to_num(y, posinf=np.finfo(float).max / 2)])
    with np.errstate(all="ignore"):
        inside = axes.transAxes.inverted().transform(axes.transData.transform(points))
    return inside[:, 0], np.clip(np.nan_to_num(inside[:, 1], nan=0.0), 0, 1)


def _coincide(one: tuple[Array, Array], other: tuple[Array, Array]) -> bool:
    """Whether two lines cover each other."""
    if abs(one[0][-1] - other[0][-1]) > TOLERANCE or abs(one[0][0] - other[0][0]) > TOLERANCE:
        return False
    x = np.union1d(one[0], other[0])
    return bool(np.abs(np.interp(x, *one) - np.interp(x, *other)).max() <= TOLERANCE)
