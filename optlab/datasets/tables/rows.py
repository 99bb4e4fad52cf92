"""Rows of cells in a text: at once where the text is simple, else one by one, which can name a line."""

import io
import re
from collections.abc import Sequence
from csv import Error as CsvError
from csv import reader

from optlab.core.errors import UserError
from optlab.datasets.tables.notation import is_plain

QUOTED = re.compile(r"""(?:^|(?<=[,;|\t]))"[^"\n]*"(?=[,;|\t]|$)""", re.MULTILINE)
ZERO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


def columns_at_once(text: str, separator: str) -> list[list[str]] | None:
    """The cells of each column, without surrounding blanks.

    None where only `rows_of` tells the cells apart, or the line of each: of a text with blank lines, quotes
    within cells, characters beyond ASCII, or rows of different lengths.
    """
    import pyarrow
    from pyarrow import compute, csv

    body = text.strip("\n")
    if (
        not body
        or not text.isascii()
        or body[0] != text[0]
        or "\n\n" in body
        or not quotes_surround_cells(body)
    ):
        return None
    width = body.partition("\n")[0].count(separator) + 1
    names = [str(column) for column in range(width)]
    try:
        table = csv.read_csv(
            pyarrow.py_buffer(body.encode()),
            csv.ReadOptions(column_names=names, use_threads=False),
            csv.ParseOptions(delimiter=separator),
            csv.ConvertOptions(
                column_types=dict.fromkeys(names, pyarrow.string()), strings_can_be_null=False
            ),
        )
    except pyarrow.ArrowInvalid:
        return None
    if table.num_rows != body.count("\n") + 1:
        return None
    columns = [compute.utf8_trim_whitespace(column).to_pylist() for column in table.columns]
    is_blank = len(columns) == 1 and not all(columns[0])
    return None if is_blank else columns


def quotes_surround_cells(text: str) -> bool:
    """Whether quotes stand around cells only."""
    return '"' not in text or 2 * len(QUOTED.findall(text)) == text.count('"')


def rows_of(text: str, source: str, separator: str) -> tuple[list[list[str]], list[int]]:
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


def refuse_ragged(rows: list[list[str]], lines: Sequence[int], source: str) -> None:
    for row, line in zip(rows, lines, strict=True):
        if len(row) != len(rows[0]):
            remedy = "mend the line, or set dataset.delimiter"
            if len(rows[0]) == 1:
                remedy = "delete what stands above the table, or set dataset.delimiter"
            raise UserError(
                f"{source}, line {line}: {len(row)} cells, but {len(rows[0])} in the first line; {remedy}"
            )


def complete_names(rows: list[list[str]], separator: str) -> bool:
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
