"""A figure of the report as a record: how it is drawn, what its caption says, how it is rebuilt."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

FOLDERS = "FOLDERS"  # stands in the code for the result folders, which only the page knows


@dataclass(frozen=True)
class Illustration:
    """One figure of the report."""

    name: str  # of its files
    family: str  # the section of the page that shows it (see `sections.SECTIONS`)
    title: str
    caption: str  # full sentences
    draw: Callable[[], Figure]
    code: str  # Python that draws it again
    write: Callable[[Path], str] | None = None
    """Writes further files (a GIF, say) beside the figure's and returns trusted HTML, which the page shows
    instead of the SVG. What comes from the user must be escaped in it, and it may load nothing."""
