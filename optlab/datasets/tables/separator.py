"""Which character stands between the cells of a text."""

import io
import re
from csv import Error as CsvError
from csv import reader
from itertools import islice

SEPARATORS = {"semicolon": ";", "tab": "\t", "comma": ",", "bar": "|", "space": " "}
"""By name, in the order in which they win a tie: a comma may belong to a number, a blank to a text."""

SAMPLE_ROWS, SAMPLE_CHARACTERS = 200, 2**16
NUMBER_LIKE = re.compile(
    r"[^\w\s.,]?\s?(?:\d{1,3}(?: \d{3})+|\d+(?:[.,'\u2019]\d+)*)(?:[.,]\d*)?(?:[eE][+-]?\d+)?\s?[^\w\s.,]?"
    r"|[+-]?[.,]\d+"
)


def separator_of(text: str) -> str:
    """The separator that divides the first rows into cells of one number, most of them numbers.

    If none does, it is the most frequent: a message then names the line that has another number of cells.
    """
    first = text.lstrip().partition("\n")[0]
    shares = {separator: _share_of_numbers(text, separator) for separator in SEPARATORS.values()}
    blanks = shares.pop(" ")
    if blanks is not None and any(separator in first for separator in shares):
        blanks = blanks if blanks == 1.0 and 1.0 not in shares.values() else None
    shares[" "] = blanks
    sound = {separator: share for separator, share in shares.items() if share is not None}
    if sound:
        return max(sound, key=lambda separator: sound[separator])
    return max((separator for separator in shares if separator != " "), key=text[:SAMPLE_CHARACTERS].count)


def blanks_to_tabs(text: str) -> str:
    """A text with a tab in place of every run of blanks that stands between cells."""
    inner = re.sub(r"(?m)^[ \t]+|[ \t]+$", "", text)
    return re.sub(r'("(?:[^"]|"")*")|[ \t]+', lambda match: match[1] or "\t", inner)


def _share_of_numbers(text: str, separator: str) -> float | None:
    """How many of the cells are numbers; None where the rows differ in length, or have one cell.

    The first row may be a cell short: that of the names, above unnamed row numbers, or without the separator
    that ends all others.
    """
    sample = text[:SAMPLE_CHARACTERS]
    if separator == " ":
        sample, separator = blanks_to_tabs(sample), "\t"
    parsed = reader(io.StringIO(sample), delimiter=separator, skipinitialspace=True)
    try:
        rows = [row for row in islice(parsed, SAMPLE_ROWS) if len(row) > 1 or "".join(row).strip()]
    except CsvError:
        return None
    if len(sample) < len(text) and len(rows) > 1:
        rows.pop()  # it may be cut off
    widths = {len(row) for row in rows[1:]} or {len(row) for row in rows}
    if len(widths) != 1 or (width := widths.pop()) < 2:
        return None
    may_be_short = separator == "\t" or not any(row[-1].strip() for row in rows[1:])
    if len(rows[0]) != width and not (may_be_short and len(rows[0]) == width - 1):
        return None
    cells = [cell.strip() for row in rows for cell in row]
    return sum(NUMBER_LIKE.fullmatch(cell) is not None for cell in cells) / len(cells)
