"""A section of the page: what stands below one heading."""

from typing import Any, NamedTuple

from optlab.report.page.table import Table


class Section(NamedTuple):
    """What stands below one heading."""

    name: str  # the id in the page; figures whose `section` is this name belong here
    title: str
    text: str = ""  # trusted HTML
    tabs: bool = False  # one figure at a time is seen
    figures_first: bool = False  # before the tables
    tables: tuple[Table, ...] = ()
    figures: tuple[dict[str, Any], ...] = ()
    notes: tuple[str, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()  # titles, and texts whose lines stand as they are
