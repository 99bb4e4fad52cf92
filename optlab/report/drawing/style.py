"""How figures look: one colour, dash and marker per optimizer name, the same in every figure and report.

A family of methods has a hue, its members differ in dash and marker, so that no two methods are told apart by
colour alone. The textbook methods stand in a table; the others take theirs from their family. The hues follow
Okabe and Ito (https://jfly.uni-koeln.de/color/); each has a contrast of at least 3 to white paper and to the
dark page.
"""

import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import quote

from optlab.core.errors import UserError
from optlab.optimizers.rule import Family, families
from optlab.report.drawing import font

INK, MUTED, RULE, PAPER = "#1b1e23", "#69707a", "#e2e5e9", "#ffffff"
DARK, LIGHT = "#1b1e24", "#fffffe"  # letters upon a colour: unlike ink and paper, the same on a dark page

GREY, BLUE, SKY, TEAL, GREEN, OLIVE = "#7d848c", "#0f68b0", "#3d8fd1", "#0e8c9c", "#0b8a66", "#6f8f1f"
AMBER, VERMILION, RED, PINK, VIOLET = "#b07400", "#d95f0e", "#c62f2f", "#c8508e", "#8768c2"
MAGENTA, BROWN = "#b04fbf", "#96694a"

SOLID: Any = "solid"
DASHED: Any = (0, (5, 1.6))
DOTTED: Any = (0, (1.4, 1.4))
DASHDOT: Any = (0, (5, 1.4, 1.2, 1.4))


class Look(NamedTuple):
    """How an optimizer is drawn."""

    color: str
    dash: Any
    marker: str


LOOKS = {
    "sgd": Look(GREY, SOLID, "o"),
    "averaged_sgd": Look(GREY, DOTTED, "s"),
    "gradient_descent": Look(GREY, DASHED, "h"),
    "barzilai_borwein": Look(GREY, DASHDOT, "D"),
    "momentum": Look(SKY, SOLID, "v"),
    "nesterov": Look(BLUE, DASHED, "^"),
    "nonlinear_cg": Look(BLUE, DASHDOT, "p"),
    "adagrad": Look(AMBER, SOLID, "s"),
    "adadelta": Look(PINK, SOLID, "D"),
    "rmsprop": Look(GREEN, SOLID, "p"),
    "rprop": Look(GREEN, DASHED, "d"),
    "lion": Look(OLIVE, DASHDOT, "H"),
    "adam": Look(VERMILION, SOLID, "X"),
    "adamw": Look(VERMILION, DASHED, "P"),
    "amsgrad": Look(VERMILION, DOTTED, "h"),
    "nadam": Look(RED, DASHDOT, "d"),
    "radam": Look(RED, DASHED, "v"),
    "adamax": Look(RED, DOTTED, "^"),
    "newton": Look(INK, SOLID, "*"),
    "newton_cg": Look(INK, DASHED, "P"),
    "levenberg_marquardt": Look(INK, DOTTED, "s"),
    "lbfgs": Look(VIOLET, SOLID, "<"),
    "svrg": Look(TEAL, SOLID, ">"),
    "saga": Look(TEAL, DASHED, "H"),
    "sag": Look(TEAL, DOTTED, "d"),
}


HUES: dict[Family, str] = {
    "gradient descent": GREY,
    "proximal": SKY,
    "accelerated": BLUE,
    "adaptive": AMBER,
    "schedule-free": PINK,
    "parameter-free": RED,
    "Polyak": OLIVE,
    "quasi-Newton": VIOLET,
    "second order": INK,
    "diagonal curvature": MAGENTA,
    "layer-wise": GREEN,
    "variance reduction": TEAL,
    "wrapper": VERMILION,
    "other libraries": BROWN,
}

COLORS = sorted({*(one.color for one in LOOKS.values()), *HUES.values()} - {INK})
"""The colours that methods have, ink aside, which takes the page's own."""

DASHES = (SOLID, DASHED, DOTTED, DASHDOT)
MARKERS = "ovs^D<p>XhPdH8*"


def look(optimizer: str) -> Look:
    """The look of `optimizer`; the name of a user's own gets one that depends on the name alone."""
    if optimizer in LOOKS:
        return LOOKS[optimizer]
    if optimizer in (looks := _family_looks()):
        return looks[optimizer]
    digits = zlib.crc32(optimizer.encode())
    colors, dashes = (BLUE, VERMILION, GREEN, PINK, AMBER, VIOLET, TEAL), (DASHED, DASHDOT, DOTTED)
    return Look(colors[digits % 7], dashes[digits // 7 % 3], MARKERS[digits // 21 % 10])


@cache
def _family_looks() -> dict[str, Look]:
    """The looks of optlab's methods: outside `LOOKS`, the first in the hue of the family that is free."""
    looks = dict(LOOKS)
    for family, names in families().items():
        free = [Look(HUES[family], DASHES[i % 4], marker) for i, marker in enumerate(MARKERS)]
        for name in names:
            if name not in looks:
                looks[name] = next(one for one in free if not _is_taken(one, looks.values()))
    return looks


def _is_taken(one: Look, others: Iterable[Look]) -> bool:
    """Whether another method has this colour and marker."""
    return any((one.color, one.marker) == (other.color, other.marker) for other in others)


def mark(*optimizers: str) -> str:
    """The id, in a figure, of the parts that belong to `optimizers`; what joins several is seen with two."""
    return f"of:{' '.join(map(quoted, optimizers))}"


def quoted(optimizer: str) -> str:
    """`optimizer` without anything that HTML or a script would take for a sign of its own."""
    return quote(optimizer, safe="")


def weight(marker: str) -> float:
    """What a marker's size is multiplied with so that all look equally large."""
    return {"*": 1.6, "X": 1.15, "P": 1.15, "p": 1.15, "d": 1.15, "D": 0.85, "s": 0.9}.get(marker, 1.0)


def in_order(optimizers: Iterable[str]) -> list[str]:
    """The names without repetition, textbook methods first, others by alphabet."""
    known = {name: place for place, name in enumerate(LOOKS)}
    return sorted(set(optimizers), key=lambda name: (known.get(name, len(known)), name))


# matplotlib settings. Text stays text in SVG and PDF; the same figure gives the same bytes.
RC: Any = {
    "axes.axisbelow": True,
    "axes.edgecolor": MUTED,
    "axes.facecolor": "none",
    "axes.grid": True,
    "axes.labelcolor": INK,
    "axes.labelsize": 8,
    "axes.linewidth": 0.6,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlecolor": INK,
    "axes.titlelocation": "left",
    "axes.titlepad": 7,
    "axes.titlesize": 9,
    "figure.facecolor": PAPER,
    "font.family": ["sans-serif"],
    "font.size": 8,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "legend.fontsize": 8,
    "legend.frameon": False,
    "lines.markersize": 4.5,
    "lines.solid_capstyle": "round",
    "lines.solid_joinstyle": "round",
    "pdf.fonttype": 42,
    "svg.fonttype": "none",
    "svg.hashsalt": "optlab",
    "text.color": INK,
    "text.parse_math": False,  # a name may contain a dollar sign
    "xtick.color": MUTED,
    "xtick.labelcolor": INK,
    "xtick.labelsize": 7.5,
    "xtick.major.size": 3,
    "xtick.major.width": 0.6,
    "xtick.minor.size": 0,
    "ytick.color": MUTED,
    "ytick.labelcolor": INK,
    "ytick.labelsize": 7.5,
    "ytick.major.size": 0,
    "ytick.minor.size": 0,
}


class Style(NamedTuple):
    """What figures are made for. Letters have 8 points in all: a figure shown larger has larger letters."""

    narrow: float  # width of a figure with one panel, in inches
    wide: float  # with two panels side by side
    stroke: float  # thickness of lines, in points
    dpi: int


STYLES = {
    "notebook": Style(4.97, 6.9, 1.5, 160),
    "paper": Style(3.35, 6.9, 1.2, 300),  # one column of a page, or both
    "talk": Style(3.9, 5.2, 2.0, 300),  # to fill a slide
}
DEFAULT = "notebook"

_current: ContextVar[Style] = ContextVar("style", default=STYLES[DEFAULT])


def current() -> Style:
    """The style that figures are drawn in now."""
    return _current.get()


def style_of(name: str) -> Style:
    """The style called `name`.

    Raises:
        UserError: there is none.
    """
    if name not in STYLES:
        raise UserError(f"style={name}: there is no such style; choose from {', '.join(STYLES)}")
    return STYLES[name]


@contextmanager
def use_style(style: Style) -> Iterator[None]:
    """Draw figures in `style`."""
    token = _current.set(style)
    try:
        yield
    finally:
        _current.reset(token)


def settings() -> Any:
    """matplotlib's settings in the current style."""
    return {
        **RC,
        "font.sans-serif": font.families(),  # comes with matplotlib: the same on every machine
        "lines.linewidth": current().stroke,
        "savefig.dpi": current().dpi,
    }
