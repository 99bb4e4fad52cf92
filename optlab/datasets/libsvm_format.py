"""Reader of the LIBSVM (SVMlight) text format: a label and the non-zero features of one sample in every line.

    +1 3:1 11:0.5 14:1        # a comment

Features are counted from 1 and rise within a line.
"""

import math
import re
from codecs import BOM_UTF8
from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.core.memory import require
from optlab.core.options import shown

SEPARATORS = b" \t\r\n"
WORD_PER_LINE = bytes.maketrans(b" \t:", b"\n\n\n")
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
INDEX = re.compile(r"-?\d{1,18}", re.ASCII)
LARGEST_INDEX = 2**26
"""A larger one is a slip of the pen: the weights of one run alone would take more than half a GiB."""


TEXT_BYTES = 10
"""Memory that is taken for each character of a text while it is read."""


class SparseRows(NamedTuple):
    """The content of a file: row i has `values[k]` in column `columns[k]`, starts[i] <= k < starts[i + 1]."""

    labels: Array  # (n,) float64
    values: Array  # float64
    columns: Array  # int32, counted from 0
    starts: Array  # (n + 1,) int64
    lines: Array  # (n,) where each row stands in the file, counted from 1

    @property
    def width(self) -> int:
        """The largest index."""
        return int(self.columns.max(initial=-1)) + 1


def read_libsvm(data: bytes, source: str) -> SparseRows:
    """The samples of a text in LIBSVM's format; blank lines and comments are skipped.

    Raises:
        UserError: no samples, or none with a feature; or a line (it is named) where a word is not a number
            or not INDEX:VALUE, an index is below 1 or above LARGEST_INDEX, or the indices do not rise.
    """
    data = data.removeprefix(BOM_UTF8)
    if b"\0" in data:
        raise UserError(f"{source}: holds NUL bytes, so it is no text; save the file as UTF-8")
    require(TEXT_BYTES * len(data), source, "use a part of it")
    if b"#" in data:
        data = b"\n".join(line.partition(b"#")[0] for line in data.split(b"\n"))
    rows = _at_once(data) or _line_by_line(data, source)
    if len(rows.labels) == 0:
        raise UserError(f"{source}: no samples; give a file that has some")
    if (large := np.flatnonzero(np.abs(rows.labels) >= 2**53)).size:
        raise UserError(
            f"{source}, line {rows.lines[large[0]]}: label {rows.labels[large[0]]:.17g} is too large to be "
            "told from its neighbours; use small numbers"
        )
    if len(rows.values) == 0:
        raise UserError(f"{source}: no sample has a feature; write a line as LABEL INDEX:VALUE ...")
    return rows


def _at_once(data: bytes) -> SparseRows | None:
    """All lines at once; None if anything is wrong: then `_line_by_line` finds out what."""
    text = np.frombuffer(data, np.uint8)
    is_space = np.isin(text, np.frombuffer(SEPARATORS, np.uint8))
    begins = np.flatnonzero(~is_space & np.concatenate([[True], is_space[:-1]]))  # of words
    line = np.searchsorted(np.flatnonzero(text == ord("\n")), begins)
    is_label = np.diff(line, prepend=-1) > 0
    has_colon = np.searchsorted(begins, np.flatnonzero(text == ord(":")), "right") - 1
    if not np.array_equal(has_colon, np.flatnonzero(~is_label)):  # one in every word but the labels
        return None
    numbers = _numbers(data.translate(WORD_PER_LINE))
    if numbers is None or len(numbers) != len(begins) + len(has_colon) or not np.isfinite(numbers).all():
        return None
    label = np.flatnonzero(is_label)
    starts = np.append(label, len(begins)) - np.arange(len(label) + 1)
    features = np.delete(numbers, label + starts[:-1]).reshape(-1, 2)
    indices, values = features.T
    rises = np.diff(indices, prepend=0) > 0
    rises[starts[:-1][np.diff(starts) > 0]] = True  # a row's first index may be smaller than the one before
    sound = (indices >= 1) & (indices <= LARGEST_INDEX) & (indices == np.floor(indices)) & rises
    if not sound.all():
        return None
    columns = indices.astype(np.int32) - 1
    return SparseRows(numbers[label + starts[:-1]], values.copy(), columns, starts, line[label] + 1)


def _numbers(lines: bytes) -> Array | None:
    """The number in every line that is not blank; None if one holds something else."""
    import pyarrow
    from pyarrow import csv

    if not lines.strip():
        return np.empty(0)
    try:
        table = csv.read_csv(
            pyarrow.py_buffer(lines),
            csv.ReadOptions(column_names=["number"], use_threads=False),
            csv.ParseOptions(quote_char=False),
            csv.ConvertOptions(column_types={"number": pyarrow.float64()}, null_values=[]),
        )
    except pyarrow.ArrowInvalid:
        return None
    return table["number"].to_numpy()


def _line_by_line(data: bytes, source: str) -> SparseRows:
    """The same, one word after the other."""
    labels, values, columns, starts, lines = [], [], [], [0], []
    for number, line in enumerate(data.split(b"\n"), 1):
        if not (words := line.decode("utf-8", "replace").split()):
            continue
        place, last = f"{source}, line {number}", 0
        labels.append(_number(words[0], "label", place))
        lines.append(number)
        for word in words[1:]:
            index, value = _feature(word, place)
            if index <= last:
                problem = "stands twice" if index == last else f"comes after index {last}"
                raise UserError(f"{place}: index {index} {problem}; indices must rise, mend the line")
            columns.append(index - 1)
            values.append(value)
            last = index
        starts.append(len(columns))
    rows = np.array(labels), np.array(values), np.array(columns, np.int32), np.array(starts), np.array(lines)
    return SparseRows(*rows)


def _feature(word: str, place: str) -> tuple[int, float]:
    """The index and the value of INDEX:VALUE."""
    index, colon, value = word.partition(":")
    if not colon or not INDEX.fullmatch(index):
        raise UserError(
            f"{place}: '{shown(word)}' is not INDEX:VALUE; mend the line, or use dataset=csv for tables"
        )
    if int(index) < 1:
        raise UserError(f"{place}: index {index} in '{word}'; indices begin at 1, add 1 to all of them")
    if int(index) > LARGEST_INDEX:
        raise UserError(f"{place}: index {index} in '{word}' is above {LARGEST_INDEX:,}; mend the line")
    return int(index), _number(value, "value", place)


def _number(word: str, what: str, place: str) -> float:
    number = float(word) if NUMBER.fullmatch(word) else math.nan
    if not math.isfinite(number):
        raise UserError(f"{place}: {what} '{shown(word)}' is not a finite number; mend the line")
    return number
