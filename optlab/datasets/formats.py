"""Readers of file formats: bytes in, tables and arrays out. They name the place of every mistake."""

import bz2
import gzip
import io
import math
import zlib
from collections.abc import Sequence
from csv import Error as CsvError
from csv import reader
from pathlib import Path
from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.errors import UserError

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|", "space": " "}
IDX_TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}


def read_bytes(path: str, key: str = "dataset.path") -> bytes:
    """The decompressed content of the user's file that the option `key` names (``~`` is the home folder)."""
    try:
        data = Path(path).expanduser().read_bytes()
    except OSError as error:
        raise UserError(f"{key}={path}: cannot be read ({error.strerror}); name a data file") from error
    return decompress(data, path)


def decompress(data: bytes, source: str) -> bytes:
    """`data` unpacked if it begins like a gzip or bzip2 file, else as it is."""
    try:
        if data.startswith(b"\x1f\x8b"):
            return gzip.decompress(data)
        if data.startswith(b"BZh"):
            return bz2.decompress(data)
    except (EOFError, OSError, ValueError, zlib.error) as error:
        raise UserError(f"{source}: damaged compressed file ({error}); delete it and get it again") from error
    return data


def read_idx(data: bytes, source: str) -> Array:
    """An array in the IDX format of the MNIST files (http://yann.lecun.com/exdb/mnist).

    Layout: two zero bytes, a byte for the type, a byte for the number of dimensions, each dimension as
    a big-endian 32-bit integer, then the values in row-major order. The array is a view of `data`.
    """
    remedy = "delete the file and get it again"
    if len(data) < 4 or data[:2] != b"\0\0" or data[2] not in IDX_TYPES or data[3] == 0:
        raise UserError(f"{source}: not an IDX file (it begins with bytes {data[:4].hex(' ')}); {remedy}")
    dtype, start = np.dtype(IDX_TYPES[data[2]]), 4 + 4 * data[3]
    if len(data) < start:
        raise UserError(f"{source}: IDX header cut off after {len(data)} of {start} bytes; {remedy}")
    shape = tuple(int(n) for n in np.frombuffer(data, ">u4", data[3], offset=4))
    size = start + math.prod(shape) * dtype.itemsize
    if len(data) != size:
        raise UserError(f"{source}: {len(data)} bytes, but an IDX array of {shape} has {size}; {remedy}")
    return np.frombuffer(data, dtype, offset=start).reshape(shape)


class Table(NamedTuple):
    """The cells of a text file, all rows of the same length."""

    source: str
    names: list[str]  # of the columns: from the header, else x1, x2, ...
    columns: Sequence[Sequence[str]] | Array  # cells without surrounding blanks; or numbers (columns, n)
    lines: list[int]  # where each row stands in the file, counted from 1

    def place(self, row: int, column: int) -> str:
        """Where a cell stands, for messages."""
        return f"{self.source}, line {self.lines[row]}, column {column + 1} ('{self.names[column]}')"

    def column(self, which: int | str, key: str) -> int:
        """Index of the column that the option `key` names, or counts from 0 (or from the end: -1)."""
        if which in self.names:
            return self.names.index(str(which))
        if isinstance(which, int) and -len(self.names) <= which < len(self.names):
            return which % len(self.names)
        raise UserError(
            f"{key}={which}: {self.source} has no such column; give an index from 0 to {len(self.names) - 1} "
            f"(-1 is the last) or a name of {', '.join(self.names[:20])}"
        )


def read_csv(
    data: bytes,
    source: str,
    header: bool | None = None,
    delimiter: str = "auto",
    target: int | str = -1,
    numbers: bool = False,
) -> Table:
    """A table of delimited text (RFC 4180, and other delimiters); blank lines are skipped.

    Args:
        data: the file's content, UTF-8.
        source: the file's name, for messages.
        header: whether the first line names the columns; None: find out (`looks_like_header`).
        delimiter: a key of DELIMITERS, or ``auto``: the most frequent in the first line.
        target: a column that the user named, if any: a first line that holds this name is a header.
        numbers: columns as one array if all cells are finite numbers: many times as quick, less memory.

    Raises:
        UserError: not UTF-8, a ragged or broken line, a name that stands twice in the header, no rows.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UserError(f"{source}, line {line}: not UTF-8 text; save the file as UTF-8") from error
    separator = DELIMITERS.get(delimiter) or _delimiter(text)
    if numbers and (table := _table_of_numbers(text, source, header, separator, target)):
        return table
    rows, lines = _rows(text, source, separator)
    if header is None:
        header = bool(rows) and looks_like_header(rows, target)
    first = rows.pop(0) if header and rows else [""] * len(rows[0] if rows else [])
    if not rows:
        where = " below the header" if header else ""
        raise UserError(f"{source}: no rows{where}; give a file that has some")
    names = _names(first)
    if twice := [name for name in names if names.count(name) > 1]:
        raise UserError(f"{source}, line {lines[0]}: two columns are called '{twice[0]}'; rename one of them")
    return Table(source, names, list(zip(*rows, strict=True)), lines[1:] if header else lines)


def looks_like_header(rows: list[list[str]], target: int | str = -1) -> bool:
    """Whether the first line is a header: it holds the target's name, or else no cell of it is a number
    and none occurs again in its column."""
    first, below = rows[0], rows[1:]
    if isinstance(target, str) and target in first:
        return True
    if not any(first) or any(is_number(cell) for cell in first):
        return False
    return not any(cell and cell == row[j] for j, cell in enumerate(first) for row in below)


def is_number(cell: str) -> bool:
    """Whether a cell reads as a number."""
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _delimiter(text: str) -> str:
    first = text.lstrip().partition("\n")[0]
    return max([",", ";", "\t", "|"], key=first.count)


def _names(first: list[str]) -> list[str]:
    return [name or f"x{number}" for number, name in enumerate(first, 1)]


def _table_of_numbers(
    text: str, source: str, header: bool | None, delimiter: str, target: int | str
) -> Table | None:
    """The table if all cells (below the header) are finite numbers, else None: then `_rows` finds out why."""
    first, _, below = text.lstrip("\r\n").partition("\n")
    names = [cell.strip(' \t\r"') for cell in first.split(delimiter)]
    has_header = looks_like_header([names], target) if header is None else header
    body = below if has_header else text
    if not body.strip():
        return None
    try:
        values = np.loadtxt(io.StringIO(body), delimiter=delimiter, comments=None, quotechar='"', ndmin=2)
    except ValueError:
        return None
    names = _names(names if has_header else [""] * values.shape[1])
    if len(set(names)) != values.shape[1] or not np.isfinite(values).all():
        return None
    return Table(source, names, values.T, list(range(1 + has_header, len(values) + 1 + has_header)))


def _rows(text: str, source: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    """Rows of stripped cells, and the line of each."""
    rows: list[list[str]] = []
    lines: list[int] = []
    parsed = reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
    try:
        for cells in parsed:
            row = list(map(str.strip, cells))
            if len(row) < 2 and not any(row):
                continue
            if rows and len(row) != len(rows[0]):
                raise UserError(
                    f"{source}, line {parsed.line_num}: {len(row)} cells, but {len(rows[0])} in the first "
                    "line; mend the line, or set dataset.delimiter"
                )
            rows.append(row)
            lines.append(parsed.line_num)
    except CsvError as error:
        raise UserError(f"{source}, line {parsed.line_num}: not CSV ({error}); mend the line") from error
    return rows, lines
