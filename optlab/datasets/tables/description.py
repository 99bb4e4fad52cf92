"""What will become of each column of a file, also of those that are refused."""

from collections import Counter
from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.datasets.tables.columns import Column, read_column
from optlab.datasets.tables.labels import labels
from optlab.datasets.tables.missing import Words, absent_cells, complete_rows, refuse_missing
from optlab.datasets.tables.reading import Plan, Settings, plan, proven_marks
from optlab.datasets.tables.table import Table

SHOWN_VALUES = 4


class ColumnDescription(NamedTuple):
    """A column of a file, in words."""

    name: str
    kind: str
    missing: int
    values: str
    becomes: str


class Description(NamedTuple):
    """A file, in words."""

    summary: str
    columns: list[ColumnDescription]
    is_refused: bool  # whether a sweep would refuse it


def describe(path: str, settings: Settings) -> Description:
    """How a file is read.

    Raises:
        UserError: it cannot be read as a table.
    """
    planned = plan(path, settings)
    table = planned.table
    used = [*planned.columns, planned.label]
    absent = absent_cells(table, used, Words(settings.missing_values))
    missing = absent.sum(axis=0)
    n = len(table.lines)
    if settings.missing == "drop" and absent.any():
        table, absent = complete_rows(table, absent)
    proven = proven_marks(table, planned.columns, absent, settings)
    described = [
        _column(planned._replace(table=table), column, absent, int(missing[column]), settings, proven)
        for column in range(len(table.names))
    ]
    summary = f"{table.source}: {table.form}, {n:,} rows, {len(table.names)} columns"
    return Description(summary, described, any(column.becomes.startswith("refused") for column in described))


def _column(
    planned: Plan, column: int, absent: Array, missing: int, settings: Settings, proven: frozenset[str]
) -> ColumnDescription:
    table = planned.table
    name = table.names[column]
    if column in planned.left_out:
        return ColumnDescription(name, planned.left_out[column], 0, _sample(table, column), "left out")
    fills = settings.missing in ("mean", "median")
    try:
        if not fills and column != planned.label:
            refuse_missing(table, absent, [column], "mean, median or drop")
        if column == planned.label:
            refuse_missing(table, absent, [column], "drop")
            y, classes = labels(table, column)
            counts = [f"{classes[label]} ({count:,})" for label, count in Counter(y.tolist()).most_common()]
            return ColumnDescription(name, "target", missing, _few(counts), f"{len(classes)} classes")
        read = read_column(
            table, column, absent[:, column], column in planned.codes, settings.options(proven)
        )
    except UserError as error:
        why = str(error).removeprefix(f"{table.source}, ").removeprefix(f"{table.source}: ")
        kind = "target" if column == planned.label else "?"
        return ColumnDescription(name, kind, missing, _sample(table, column), f"refused: {why}")
    kind = f"{read.kind} ({read.note})" if read.note else read.kind
    return ColumnDescription(
        name, kind, missing, _values(read, table, column), _becomes(read, missing, settings)
    )


def _becomes(read: Column, missing: int, settings: Settings) -> str:
    number = len(read.features)
    what = {
        "numbers": "a feature",
        "days": "a feature, days since 1970",
        "kinds": f"{number} feature{'s' * (number != 1)} of zeros and ones",
        "left out": "left out",
    }[read.kind]
    filled = f"; missing values become the {settings.missing} of the training part"
    return what + filled * (missing > 0 and settings.missing in ("mean", "median"))


def _values(read: Column, table: Table, column: int) -> str:
    if read.kind == "numbers":
        least, most = np.nanmin(read.values), np.nanmax(read.values)
        return f"{least:g}" if least == most else f"{least:g} to {most:g}"
    if read.kind == "kinds":
        texts = dict.fromkeys(name.partition("=")[2] for name in read.features)
        return _few(list(texts))
    return _sample(table, column)


def _sample(table: Table, column: int) -> str:
    cells = table.columns[column][: 20 * SHOWN_VALUES]
    return _few(list(dict.fromkeys(cell if isinstance(cell, str) else f"{cell:g}" for cell in cells)))


def _few(texts: list[str]) -> str:
    shown = [text if len(text) <= 24 else f"{text[:21]}..." for text in texts[:SHOWN_VALUES]]
    return ", ".join(shown) + ", ..." * (len(texts) > SHOWN_VALUES)
