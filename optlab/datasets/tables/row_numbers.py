"""Columns that tell rows apart and say nothing about them."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from optlab.datasets.tables.notation import is_plain
from optlab.datasets.tables.table import Table

NAMES = re.compile(
    r"(?:.*[_ .-])?id|idx|index|#|row(?:[_ ]?(?:nr|no|num|number|names?))?|unnamed: \d+|__index_level_\d+__|"
    r"s\.?no\.?|serial(?:[_ ]?(?:nr|no|number))?",
    re.IGNORECASE,
)
JOINED_NAMES = re.compile(r".*[a-z](?:Id|ID)")
COUNTED_ROWS = 20
"""So many rows that a count of them is no accident."""


def why_left_out(table: Table, column: int) -> str:
    """Why a column is no feature: unnamed index, identifiers or row numbers; empty if it is one."""
    cells = table.columns[column]
    if column in table.unnamed and _are_distinct(cells):
        return "unnamed index"
    name = table.names[column]
    has_name = NAMES.fullmatch(name) or JOINED_NAMES.fullmatch(name)
    if has_name and len(cells) > 2 and _are_distinct(cells) and _are_whole(cells):
        return "identifiers"
    is_first = column in (0, len(table.names) - 1)
    if (
        table.separator
        and name == f"x{column + 1}"
        and is_first
        and len(cells) >= COUNTED_ROWS
        and count_rows(cells)
    ):
        return "row numbers"
    return ""


def count_rows(cells: Sequence[Any]) -> bool:
    """Whether cells are 0, 1, 2, ... or 1, 2, 3, ..."""
    try:
        start = int(float(cells[0]))
    except (OverflowError, ValueError):
        return False
    if start not in (0, 1) or not _are_whole(cells):
        return False
    numbers = np.fromiter(map(float, cells), np.float64, len(cells))
    return bool(np.array_equal(numbers, np.arange(start, start + len(cells))))


def _are_distinct(cells: Sequence[Any]) -> bool:
    return len(set(cells)) == len(cells)


def _are_whole(cells: Sequence[Any]) -> bool:
    if isinstance(cells, np.ndarray):
        return bool(np.all(cells == np.floor(cells)))
    return all(cell.isdecimal() and is_plain(cell) for cell in cells)
