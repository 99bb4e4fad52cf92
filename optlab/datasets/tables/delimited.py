"""Reader of delimited text: rows of cells, with the line of each."""

import io
import re
from csv import Error as CsvError
from csv import reader

import numpy as np

from optlab.core.errors import UserError
from optlab.core.memory import require
from optlab.datasets.tables.header import has_header
from optlab.datasets.tables.notation import is_plain
from optlab.datasets.tables.separator import SEPARATORS, blanks_to_tabs, separator_of
from optlab.datasets.tables.table import Table, refuse_duplicates
from optlab.datasets.tables.text import decode

CELL_BYTES = 120
LEADING_ZERO = re.compile(r"""(?:^|(?<=[,;|\s"]))[+-]?0\d""", re.MULTILINE | re.ASCII)
GROUPED = re.compile(r"\b[1-9]\d{0,2}\.\d{3}\b(?![.eE])", re.ASCII)
QUOTED = re.compile(r"""(?:^|(?<=[,;|\s]))"[^"\n]*"(?=[,;|\s]|$)""", re.MULTILINE)
"""What has to be looked at as text: codes, points that may stand between thousands, quotes within cells."""

ZERO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


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
    separator = SEPARATORS.get(delimiter) or (said[1] if said else separator_of(text))
    require(CELL_BYTES * (text.count(separator) + text.count("\n")), source, "use a part of it")
    name = next((name for name, character in SEPARATORS.items() if character == separator), repr(separator))
    if separator == " ":
        text, separator = blanks_to_tabs(text), "\t"
    table = _table_of_numbers(text, source, header, separator, target) if numbers else None
    return (table or _table(text, source, header, separator, target))._replace(separator=name)


def _table(text: str, source: str, header: bool | None, separator: str, target: int | str) -> Table:
    rows, lines = _rows(text, source, separator)
    if header is not False and _complete_names(rows, separator):
        header = True
    _refuse_ragged(rows, lines, source)
    rows = _without_empty_end(rows)
    if header is None:
        header = bool(rows) and has_header(rows, target, source)
    first = rows.pop(0) if header and rows else [""] * len(rows[0] if rows else [])
    if not rows:
        where = " below the header" if header else ""
        raise UserError(f"{source}: no rows{where}; give a file that has some")
    names = _names(first)
    refuse_duplicates(names, f"{source}, line {lines[0]}")
    unnamed = frozenset(column for column, name in enumerate(first) if header and not name)
    return Table(
        source, names, list(zip(*rows, strict=True)), lines[1:] if header else lines, unnamed=unnamed
    )


def _complete_names(rows: list[list[str]], separator: str) -> bool:
    """Whether the first row, of names, was a cell shorter than all others; an empty name then completes it.

    The unnamed column is the last if it is empty, else, between tabs and blanks, the first if that tells rows
    apart, as R writes it. (Between commas, a decimal comma may be what divides a cell.)
    """
    if len(rows) < 2 or any(map(is_plain, rows[0])) or {len(row) for row in rows[1:]} != {len(rows[0]) + 1}:
        return False
    if not any(row[-1] for row in rows[1:]):
        rows[0].append("")
        return True
    if separator == "\t" and len({row[0] for row in rows[1:]}) == len(rows) - 1:
        rows[0].insert(0, "")
        return True
    return False


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
    if not body.strip() or "\n\n" in body.strip("\n") or LEADING_ZERO.search(body):
        return None
    if (separator != "," and GROUPED.search(body)) or 2 * len(QUOTED.findall(body)) != body.count('"'):
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


def _rows(text: str, source: str, separator: str) -> tuple[list[list[str]], list[int]]:
    """Rows of stripped cells, and the line of each."""
    rows: list[list[str]] = []
    lines: list[int] = []
    if not text.isascii():
        text = text.translate(ZERO_WIDTH)
    parsed = reader(io.StringIO(text), delimiter=separator, skipinitialspace=True, strict=True)
    try:
        for cells in parsed:
            row = list(map(str.strip, cells))
            if len(row) > 1 or any(row):
                rows.append(row)
                lines.append(parsed.line_num)
    except CsvError as error:
        raise UserError(f"{source}, line {parsed.line_num}: not CSV ({error}); mend the line") from error
    return rows, lines


def _refuse_ragged(rows: list[list[str]], lines: list[int], source: str) -> None:
    for row, line in zip(rows, lines, strict=True):
        if len(row) != len(rows[0]):
            remedy = "mend the line, or set dataset.delimiter"
            if len(rows[0]) == 1:
                remedy = "delete what stands above the table, or set dataset.delimiter"
            raise UserError(
                f"{source}, line {line}: {len(row)} cells, but {len(rows[0])} in the first line; {remedy}"
            )


def _without_empty_end(rows: list[list[str]]) -> list[list[str]]:
    """Rows without empty last columns, as a separator at the end of each line makes them."""
    width = max((max((j for j, cell in enumerate(row, 1) if cell), default=0) for row in rows), default=0)
    return rows if not rows or width == len(rows[0]) else [row[:width] for row in rows]
