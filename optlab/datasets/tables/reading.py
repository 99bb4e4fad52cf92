"""From a file to features and classes, and what was taken for what."""

from collections import Counter
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.datasets.files import read_bytes
from optlab.datasets.tables.columns import Column, read_column
from optlab.datasets.tables.delimited import read_delimited
from optlab.datasets.tables.labels import can_be_array, labels
from optlab.datasets.tables.missing import MISSING, Words, absent_cells, complete_rows, refuse_missing
from optlab.datasets.tables.notation import Decimal, Thousands
from optlab.datasets.tables.numbers import Dates, Options, decimal_mark
from optlab.datasets.tables.parquet import MAGIC, read_parquet
from optlab.datasets.tables.row_numbers import count_rows, why_left_out
from optlab.datasets.tables.table import Table


@dataclass(frozen=True)
class Settings:
    """How a table is to be read: the options of `csv`."""

    target: int | str = -1
    header: bool | None = None
    delimiter: str = "auto"
    categorical: tuple[int | str, ...] = ()
    ignore: tuple[int | str, ...] = ()
    missing: Literal["refuse", "mean", "median", "drop"] = "refuse"
    missing_values: tuple[str | int | float, ...] = MISSING
    decimal: Decimal = "auto"
    thousands: Thousands = "auto"
    encoding: str = "auto"
    dates: Dates = "refuse"
    drop_first: bool = False

    def options(self, proven: frozenset[str] = frozenset()) -> Options:
        """Those of a single column."""
        return Options(self.decimal, self.thousands, self.dates, self.drop_first, proven)


class Plan(NamedTuple):
    """Which columns of a table serve for what."""

    table: Table
    label: int
    codes: set[int]
    left_out: dict[int, str]  # and why
    columns: list[int]  # of features


class Reading(NamedTuple):
    """What a file holds."""

    columns: list[Column]  # of features
    y: Array  # (n,)
    classes: tuple[str, ...]
    notes: tuple[str, ...]  # what was taken for what


def read(path: str, settings: Settings) -> Reading:
    """The features and classes of a file.

    Raises:
        UserError: whatever cannot be read, or may be meant in two ways, with its place.
    """
    table, label, codes, left_out, columns = plan(path, settings)
    absent = absent_cells(table, [*columns, label], Words(settings.missing_values))
    if settings.missing == "drop" and absent.any():
        table, absent = complete_rows(table, absent)
    fills = settings.missing in ("mean", "median")
    if not fills:
        refuse_missing(table, absent, [*columns, label], "mean, median or drop")
    refuse_missing(table, absent, [label], "drop")
    options = settings.options(proven_marks(table, columns, absent, settings))
    read = [read_column(table, column, absent[:, column], column in codes, options) for column in columns]
    y, classes = labels(table, label)
    notes = _notes(table, label, read, left_out, classes)
    return Reading([column for column in read if column.features], y, classes, notes)


def plan(path: str, settings: Settings) -> Plan:
    """The table of a file, and which of its columns serve for what."""
    table = read_table(path, settings)
    label = table.column(settings.target, "dataset.target")
    ignored = {table.column(name, "dataset.ignore") for name in settings.ignore}
    codes = {table.column(name, "dataset.categorical") for name in settings.categorical}
    others = [column for column in range(len(table.names)) if column != label and column not in ignored]
    if not others:
        raise UserError(f"{path}: no column is left besides the target; it needs at least one feature")
    left_out = {
        column: why for column in others if column not in codes and (why := why_left_out(table, column))
    }
    columns = [column for column in others if column not in left_out]
    if not columns:
        left_out, columns = {}, others
    return Plan(table, label, codes, left_out | dict.fromkeys(sorted(ignored - {label}), "ignored"), columns)


def read_table(path: str, settings: Settings) -> Table:
    """The cells of a file; as numbers where it holds nothing else."""
    words = Words(settings.missing_values)
    is_plain = not settings.categorical and not words.numbers
    is_plain &= settings.decimal == settings.thousands == "auto"
    data = read_bytes(path)
    if data.startswith(MAGIC):
        return read_parquet(data, path)
    arguments = (path, settings.header, settings.delimiter, settings.target, settings.encoding)
    table = read_delimited(data, *arguments, numbers=is_plain)
    if isinstance(table.columns, np.ndarray):
        label = table.column(settings.target, "dataset.target")
        if not can_be_array(table.columns[label]):
            return read_delimited(data, *arguments)
    return table


def proven_marks(table: Table, columns: list[int], absent: Array, settings: Settings) -> frozenset[str]:
    """The marks that some columns prove to stand before decimals."""
    if isinstance(table.columns, np.ndarray) or settings.decimal != "auto":
        return frozenset()
    marks = set()
    for column in columns:
        cells = table.columns[column]
        missing = {cells[row] for row in np.flatnonzero(absent[:, column]).tolist()}
        known = [cell for cell in dict.fromkeys(cells) if cell not in missing]
        marks.add(decimal_mark(known, settings.options()))
    return frozenset(marks - {""})


def _notes(
    table: Table, label: int, columns: list[Column], left_out: dict[int, str], classes: tuple[str, ...]
) -> tuple[str, ...]:
    """What was taken for what, in a few lines."""
    kinds = Counter(column.kind for column in columns)
    parts = [f"{number} of {kind}" for kind, number in kinds.items() if kind != "left out"]
    shown = ", ".join(classes[:5]) + ", ..." * (len(classes) > 5)
    lines = [
        f"{table.source}: {table.form}, {len(table.lines):,} rows; columns: {', '.join(parts)}; classes of "
        f"'{table.names[label]}': {shown}"
    ]
    marked: dict[str, list[str]] = {}
    for column in columns:
        if column.note:
            marked.setdefault(
                f"left out ({column.note})" if column.kind == "left out" else column.note, []
            ).append(column.name)
    for index, why in left_out.items():
        if why != "ignored":
            marked.setdefault(f"left out ({why})", []).append(table.names[index])
    for column_index, name in enumerate(table.names):
        is_feature = column_index not in left_out and column_index != label
        if is_feature and len(table.lines) > 20 and count_rows(table.columns[column_index]):
            marked.setdefault("counts the rows; a feature unless dataset.ignore names it", []).append(name)
    lines += [f"{why}: {', '.join(names[:5])}{', ...' * (len(names) > 5)}" for why, names in marked.items()]
    return ("; ".join(lines),)
