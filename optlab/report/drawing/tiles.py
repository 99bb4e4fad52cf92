"""The frame of small pictures: one tile per optimizer, named above it, in up to three columns."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from optlab.report.drawing import panels
from optlab.report.drawing.style import MUTED, look, mark, weight

TITLE = 0.3  # inches above a tile


def tiles(
    optimizers: Sequence[str],
    aspect: float = 1.0,
    columns: int | None = None,
    left: float = 0.3,
    gap: float = 0.2,
    below: float = 0.3,
    foot: float = 0.0,
    widest: float = 2.3,
) -> tuple[Figure, list[Axes]]:
    """A figure with axes for every optimizer, in this order.

    Args:
        optimizers: their names, which stand above the tiles.
        aspect: height of a tile as a multiple of its width.
        columns: how many tiles stand side by side; None: as many as look best.
        left, gap, below: room left of the first column, between tiles, and below each row, in inches.
        foot: room at the bottom for a panel that the caller adds, in inches.
        widest: width of a tile at most, in inches.
    """
    columns = columns or _columns(len(optimizers))
    rows = -(-len(optimizers) // columns)
    width = min(widest, (panels.WIDTH - left - 0.1 - (columns - 1) * gap) / columns)
    height = aspect * width
    total_width = left + 0.1 + columns * width + (columns - 1) * gap
    total = rows * (height + TITLE + below) + foot
    figure = Figure(figsize=(total_width, total))
    all_axes = []
    for place, optimizer in enumerate(optimizers):
        row, column = divmod(place, columns)
        x, top = left + column * (width + gap), total - TITLE - row * (height + TITLE + below)
        bounds = (x / total_width, (top - height) / total, width / total_width, height / total)
        axes = figure.add_axes(bounds)
        axes.set_gid(mark(optimizer))
        axes.grid(False)
        axes.set_xticks([])
        axes.set_yticks([])
        _name(axes, optimizer, 0.13 / width, 1 + 0.12 / height)
        all_axes.append(axes)
    return figure, all_axes


def _columns(n: int) -> int:
    return {1: 1, 2: 2, 4: 2}.get(n, 3)


def _name(axes: Axes, optimizer: str, x: float, y: float) -> None:
    """The name of the optimizer above the left corner, after its marker."""
    color, _, marker = look(optimizer)
    axes.plot(
        [0.35 * x], [y], color=color, marker=marker, markersize=5 * weight(marker), linestyle="none",
        transform=axes.transAxes, clip_on=False,
    )  # fmt: skip
    name = panels.clip(optimizer, panels.MAX_NAME)
    axes.text(x, y, name, transform=axes.transAxes, ha="left", va="center", fontsize=9)


def remark(axes: Axes, text: str) -> None:
    """A few words above the right corner of a tile."""
    axes.annotate(
        text, (1, 1), (0, 8.6), xycoords="axes fraction", textcoords="offset points",
        ha="right", va="center", fontsize=6.5, color=MUTED,
    )  # fmt: skip


def empty(axes: Axes, text: str) -> None:
    """A tile that has nothing to show, and says why."""
    axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", va="center", color=MUTED)
