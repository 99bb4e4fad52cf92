"""Reader of delimited text: rows of cells, with the line of each."""

import io
import re
from collections.abc import Sequence

import numpy as np

from optlab.core.errors import UserError
from optlab.core.memory import require
from optlab.datasets.tables.header import SAMPLE_ROWS, VALUE, has_header
from optlab.datasets.tables.notation import is_plain
from optlab.datasets.tables.rows import (
    columns_at_once,
    complete_names,
    quotes_surround_cells,
    refuse_ragged,
    rows_of,
)
from optlab.datasets.tables.separator import SEPARATORS, blanks_to_tabs, separator_of
from optlab.datasets.tables.table import Table, refuse_duplicates
from optlab.datasets.tables.text import decode

CELL_BYTES, NUMBER_BYTES, CHARACTER_BYTES = 120, 16, 6
"""Memory that is taken while a table is read: by a cell, by one that is a number, by the text."""

SPARSE = re.compile(r"\s*[+-]?\d[\d.]*(?: +\d+:[+-]?[\d.eE+-]+)+ *(?:\n|$)")
LEADING_ZERO = re.compile(r"""(?:^|(?<=[,;|\s"]))[+-]?0\d""", re.MULTILINE | re.ASCII)
GROUPED = re.compile(r"\b[1-9]\d{0,2}\.\d{3}\b(?![.eE])", re.ASCII)
"""What has to be looked at as text: codes, and points that may stand between thousands."""


def read_delimited(
    data: bytes,
    source: str,
    header: bool | None = None,
    delimiter: str = "auto",
    target: int | str = -1,
    encoding: str = "auto",
    numbers: bool = False,
) -> Table:
    """A table of delimited text (RFC 4180, and other delimiters); blank lines are skipped.

    Args:
        data: the file's content.
        source: the file's name, for messages.
        header: whether the first line names the columns; None: find out (`has_header`).
        delimiter: a key of SEPARATORS, or ``auto``: find out (`separator_of`).
        target: the column of classes, as an index or as the name that the user gave.
        encoding: see `decode`.
        numbers: columns as one array if all cells are finite numbers: many times as quick, less memory.

    Raises:
        UserError: no text in this encoding, a ragged or broken line, a name that stands twice in the header,
            no rows.
    """
    text = decode(data, source, encoding)
    if said := re.match(r"sep=(.)[ \t]*\n", text, re.IGNORECASE):  # as Excel writes it
        text = text[said.end() - 1 :]
    if SPARSE.match(text):
        raise UserError(f"{source}: a file in LIBSVM's format; set dataset=libsvm")
    separator = SEPARATORS.get(delimiter) or (said[1] if said else separator_of(text))
    cells, remedy = text.count(separator) + text.count("\n"), "use a part of it"
    require(NUMBER_BYTES * cells + CHARACTER_BYTES * len(text), source, remedy)
    name = next((name for name, character in SEPARATORS.items() if character == separator), repr(separator))
    if separator == " ":
        text, separator = blanks_to_tabs(text), "\t"
    table = _table_of_numbers(text, source, header, separator, target) if numbers else None
    if table is None:
        require(CELL_BYTES * cells, source, remedy)
        table = _table(text, source, header, separator, target)
    return table._replace(separator=name)


def _table(text: str, source: str, header: bool | None, separator: str, target: int | str) -> Table:
    columns = columns_at_once(text, separator)
    lines: Sequence[int] = range(1, len(columns[0]) + 1) if columns else []
    if columns is None:
        rows, lines = rows_of(text, source, separator)
        if header is not False and complete_names(rows, separator):
            header = True
        refuse_ragged(rows, lines, source)
        columns = list(map(list, zip(*rows, strict=True)))
    while columns and not any(columns[-1]):
        columns.pop()  # a separator at the end of each line leaves an empty column
    if header is None:
        first_rows = list(zip(*(column[: SAMPLE_ROWS + 1] for column in columns), strict=True))
        header = bool(columns) and has_header(first_rows, target, source)
    first = [column[0] if header else "" for column in columns]
    if not columns or len(lines) == header:
        where = " below the header" if header else ""
        raise UserError(f"{source}: no rows{where}; give a file that has some")
    names = _names(first)
    refuse_duplicates(names, f"{source}, line {lines[0]}")
    unnamed = frozenset(column for column, name in enumerate(first) if header and not name)
    start = int(bool(header))
    return Table(source, names, [column[start:] for column in columns], lines[start:], unnamed=unnamed)


def _names(first: list[str]) -> list[str]:
    return [name or f"x{number}" for number, name in enumerate(first, 1)]


def _table_of_numbers(
    text: str, source: str, header: bool | None, separator: str, target: int | str
) -> Table | None:
    """The table if all cells (below the header) are finite numbers, else None: `_table` finds out why."""
    first, _, below = text.lstrip("\n").partition("\n")
    names = [cell.strip(' \t"') for cell in first.split(separator)]
    plain = sum(map(is_plain, names))
    if header is None and isinstance(target, str) and target in names:
        header = True
    if header is None and plain and _may_be_names(names, plain, below):
        return None
    has_names = not plain if header is None else header
    body = below if has_names else text
    start_of_body = body.lstrip("\n").partition("\n")[0].split(separator)
    if not all(VALUE.match(cell) for cell in start_of_body):
        return None
    if not body.strip() or "\n\n" in body.strip("\n") or LEADING_ZERO.search(body):
        return None
    if (separator != "," and GROUPED.search(body)) or not quotes_surround_cells(body):
        return None
    try:
        values = np.loadtxt(io.StringIO(body), delimiter=separator, comments=None, quotechar='"', ndmin=2)
    except ValueError:
        return None
    unnamed = frozenset(column for column, name in enumerate(names) if has_names and not name)
    names = _names(names if has_names else [""] * values.shape[1])
    if len(set(names)) != values.shape[1] or not np.isfinite(values).all():
        return None
    start = 1 + has_names + len(text) - len(text.lstrip("\n"))
    return Table(source, names, values.T, range(start, len(values) + start), unnamed=unnamed)


def _may_be_names(first: list[str], plain: int, below: str) -> bool:
    """Whether `has_header` has to look at a first row that holds numbers."""
    fractions = "." in below.partition("\n")[0] and all(cell.isdecimal() for cell in first)
    return plain < len(first) or fractions or first[:3] == ["0", "1", "2"]
