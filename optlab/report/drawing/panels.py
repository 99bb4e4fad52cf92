"""The frame that figures share: one panel per problem, one legend above them or names beside the lines."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import SubplotSpec
from matplotlib.legend_handler import HandlerLine2D
from matplotlib.lines import Line2D

from optlab.report.drawing.style import RC, current, in_order, look, mark, weight

MAX_PANELS = 6  # panels of a figure; more would not be read
MAX_NAME = 22  # characters of a name in the legend
MAX_TITLE = 50  # characters of a title
LETTER = 0.076  # inches of a letter of a title
WIDTH = 6.9  # inches: both columns of a paper


def first_problems(problems: Iterable[str]) -> list[str]:
    """The problems that get a panel, in the order of their names."""
    return sorted(set(problems))[:MAX_PANELS]


def frame(
    n_panels: int,
    optimizers: Iterable[str] = (),
    height: float = 2.0,
    labels: float = 0.68,
    right: float = 0.1,
    columns: int = 2,
) -> tuple[Figure, list[SubplotSpec]]:
    """A figure with room for `n_panels`, and a cell for each.

    The margins are reckoned in inches, which is quicker than a layout engine and the same in every format.

    Args:
        n_panels: number of panels.
        optimizers: names in the legend above the panels; none: no legend.
        height: of a panel's cell, in inches.
        labels, right: room for what stands left and right of each panel, in inches.
        columns: panels side by side, at most.
    """
    columns = min(n_panels, columns)
    rows = -(-n_panels // columns)
    width = current().wide if n_panels > 1 else current().narrow
    names = in_order(optimizers)
    lines = _legend_lines(names, width)
    below, title = 0.42, 0.3
    above = title + (0.1 + 0.18 * lines if names else 0.0)
    gap = labels + right, below + title + 0.08
    total = above + rows * height + (rows - 1) * gap[1] + below
    figure = Figure(figsize=(width, total))
    if names:
        _legend(figure, names, -(-len(names) // lines))
    panel = (width - columns * (labels + right)) / columns
    cells = figure.add_gridspec(
        rows,
        columns,
        left=labels / width,
        right=1 - right / width,
        bottom=below / total,
        top=1 - above / total,
        wspace=gap[0] / panel,
        hspace=gap[1] / height,
    )
    return figure, [cells[place // columns, place % columns] for place in range(n_panels)]


def _legend_lines(names: list[str], width: float) -> int:
    """How many lines the legend takes: an entry is as wide as the longest name."""
    entry = 0.78 + 0.075 * max((len(clip(name, MAX_NAME)) for name in names), default=1)
    return -(-len(names) // max(1, int(width / entry))) or 1


def _legend(figure: Figure, names: list[str], columns: int) -> None:
    handles = []
    for name in names:
        color, dash, marker = look(name)
        size = 4.5 * weight(marker)
        handles.append(Line2D([], [], color=color, linestyle=dash, marker=marker, markersize=size))
    legend = figure.legend(
        handles,
        [clip(name, MAX_NAME) for name in names],
        loc="upper left",
        bbox_to_anchor=(0, 1),
        ncols=columns,
        handlelength=3.6,
        columnspacing=1.6,
        handler_map={Line2D: _MarkerAtEnd()},
        borderaxespad=0.3,
    )
    for name, *parts in zip(names, legend.get_lines(), legend.get_texts(), strict=True):
        for part in parts:
            part.set_gid(mark(name))


class _MarkerAtEnd(HandlerLine2D):
    """In the legend the marker ends the line, as in the panels: in the middle it would hide the dashes."""

    def create_artists(self, *args: Any) -> list[Any]:
        line: Any = super().create_artists(*args)[0]
        line.set_markevery([2])
        return [line]


@contextmanager
def belongs_to(axes: Axes, *optimizers: str) -> Iterator[None]:
    """Whatever is added to `axes` inside belongs to `optimizers`: the page can hide it (see `style.mark`)."""
    before = set(axes.get_children())
    yield
    for artist in axes.get_children():
        if artist not in before:
            artist.set_gid(mark(*optimizers))


def mark_for_script(axes: Axes, name: str) -> None:
    """Let the page's script find `axes` and their limits: it draws them again when optimizers are hidden."""
    limits = (*axes.get_xlim(), *axes.get_ylim())
    axes.set_gid(":".join([name, *(f"{limit:.9g}" for limit in limits)]))


def clip(text: str, most: int = 44) -> str:
    """`text`, or its beginning where it would not fit."""
    return text if len(text) <= most else text[: most - 1] + "…"


def title(problem: str, problems: Iterable[str], most: int = MAX_TITLE) -> str:
    """What tells `problem` from the other `problems`: the parts of its name that not all of them share.

    Where these are too long, the last options go without which all problems still have titles of their own.
    """
    names = {name: name.split(" · ") for name in problems}
    shared = set.intersection(*map(set, names.values())) if len(names) > 1 else set()
    own = {name: [part for part in parts if part not in shared] for name, parts in names.items()}
    options = dict.fromkeys(part.split("=")[0] for parts in own.values() for part in parts if "=" in part)
    for option in reversed(options):
        rest = {name: [p for p in parts if p.split("=")[0] != option] for name, parts in own.items()}
        too_long = any(len(" · ".join(parts)) > most for parts in own.values())
        if too_long and len({*map(tuple, rest.values())}) == len(names) > 1:
            own = rest
    return clip(" · ".join(own[problem]) or problem, most)


def set_panel_title(
    axes: Axes, problem: str, problems: Iterable[str], labels: float = 0.0, right: float = 0.2
) -> None:
    """Write the title of a problem's panel, in smaller letters where it is long.

    Args:
        axes: the panel.
        problem: its problem.
        problems: those of all panels.
        labels, right: inches left and right of the panel that it may use, above what stands there.
    """
    text = title(problem, problems)
    width = axes.bbox.width / axes.figure.dpi
    size = RC["axes.titlesize"] * min(1.0, (width + labels + right) / (LETTER * len(text)))
    axes.set_title(text, fontsize=size, x=-labels / width)


def empty_figure(message: str) -> Figure:
    """A figure that says why there is nothing to see."""
    figure = Figure(figsize=(current().narrow, 1.0))
    figure.text(0.5, 0.5, message, ha="center", va="center", wrap=True)
    return figure
