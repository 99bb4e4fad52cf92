"""Missing cells."""

import re
from collections.abc import Collection, Sequence

import numpy as np

from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.datasets.tables.notation import is_plain
from optlab.datasets.tables.table import Table

MISSING = ("", "?", "na", "n/a", "nan", "null")
WITH_COMMA = re.compile(r"[+-]?\d+,(?:\d{1,2}|\d{4,})", re.ASCII)


class Words:
    """What a missing cell looks like: texts in upper or lower case, and numbers however they are written."""

    def __init__(self, words: Collection[str | int | float]) -> None:
        self.texts = {str(word).strip().lower() for word in words}
        self.numbers = {float(text) for text in self.texts if is_plain(text)}

    def __contains__(self, cell: str) -> bool:
        if cell.lower() in self.texts:
            return True
        if not self.numbers:
            return False
        if WITH_COMMA.fullmatch(cell):
            cell = cell.replace(",", ".")
        return is_plain(cell) and float(cell) in self.numbers


def absent_cells(table: Table, columns: Sequence[int], words: Words) -> Array:
    """Which cells are missing: (n, all columns); columns that are not used never are."""
    absent = np.zeros((len(table.lines), len(table.names)), bool)
    if isinstance(table.columns, np.ndarray):
        return absent
    for column in columns:
        cells = table.columns[column]
        if missing := {cell for cell in set(cells) if cell in words}:
            absent[:, column] = [cell in missing for cell in cells]
    return absent


def complete_rows(table: Table, absent: Array) -> tuple[Table, Array]:
    """Only the rows without a missing cell."""
    complete = np.flatnonzero(~absent.any(axis=1)).tolist()
    if not complete:
        raise UserError(f"{table.source}: every row has a missing value; set dataset.missing=median or mean")
    columns = [tuple(cells[row] for row in complete) for cells in table.columns]
    lines = [table.lines[row] for row in complete]
    return table._replace(columns=columns, lines=lines), absent[complete]


def refuse_missing(table: Table, absent: Array, columns: list[int], remedy: str) -> None:
    """Raise a UserError for the first missing cell in `columns`; what `dataset.missing` is to be, helps."""
    if absent[:, columns].any():
        row = int(absent[:, columns].any(axis=1).argmax())
        column = next(column for column in sorted(columns) if absent[row, column])
        cell = table.columns[column][row]
        raise UserError(
            f"{table.place(row, column)}: {f'missing value {cell!r}' if cell else 'empty cell'}; fill it in, "
            f"or set dataset.missing={remedy}"
        )
