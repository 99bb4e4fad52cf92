"""What a column of a table becomes: numbers, kinds, days, or nothing."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.datasets.tables.dates import are_compact, compact_days, days_in
from optlab.datasets.tables.kinds import zeros_and_ones
from optlab.datasets.tables.new_rows import Recipe
from optlab.datasets.tables.notation import Notation, plain_numbers
from optlab.datasets.tables.numbers import Options, numbers_of, refuse_codes, refuse_mixture, refuse_points
from optlab.datasets.tables.table import Table, quoted

PLAIN = Notation()


class Column(NamedTuple):
    """A column, read."""

    name: str
    kind: Literal["numbers", "kinds", "days", "left out"]
    values: Array  # (n, k), NaN where missing
    features: tuple[str, ...]  # k names
    note: str = ""  # notation, or why it is left out
    notation: Notation = PLAIN  # of numbers
    texts: tuple[str, ...] = ()  # of kinds, also that which gives no feature

    @property
    def recipe(self) -> Recipe:
        """How new cells of the column are to be read."""
        first = len(self.texts) - len(self.features) if self.texts else 0
        return Recipe(self.name, self.kind, self.texts, first, *self.notation)


def read_column(table: Table, column: int, absent: Array, is_code: bool, options: Options) -> Column:
    """The features that a column gives.

    Args:
        table: the table.
        column: which.
        absent: (n,) which cells are missing.
        is_code: whether numbers are kinds.
        options: how to read.

    Raises:
        UserError: a cell that can be read in two ways, or in none.
    """
    name, n = table.names[column], len(table.lines)
    if isinstance(table.columns, np.ndarray):
        return _numbers(table, column, np.arange(n), table.columns[column], "", options)
    known = np.flatnonzero(~absent)
    if len(known) == 0:
        raise UserError(f"{table.source}: column '{name}' has no value at all; set dataset.ignore=[{name}]")
    cells = table.columns[column]
    if len(known) < n:
        cells = [cells[row] for row in known.tolist()]
    if not is_code:
        distinct = list(dict.fromkeys(cells))
        refuse_codes(table, column, distinct)
        plain = plain_numbers(cells) if options.decimal == options.thousands == "auto" else None
        if plain is not None:
            refuse_points(table, column, distinct, options)
            return _numbers(table, column, known, np.array(plain), "", options)
        if numbers := numbers_of(table, column, distinct, options):
            values = np.array([numbers[0][cell] for cell in cells])
            read = _numbers(table, column, known, values, str(numbers[1]), options)
            return read._replace(notation=numbers[1])
        refuse_mixture(table, column, distinct, options)
        if days := days_in(distinct):
            _check_dates(table, column, int(known[0]), len(days) > 1, options)
            return _days(table, column, known, cells, dict(zip(distinct, days[0], strict=True)), options)
    block, features, texts = zeros_and_ones(table, column, known.tolist(), is_code, options.drop_first)
    return Column(name, "kinds", block, tuple(features), texts=tuple(texts))


def _numbers(table: Table, column: int, known: Array, values: Array, note: str, options: Options) -> Column:
    """A column of numbers, which may be dates written YYYYMMDD."""
    finite = np.isfinite(values)
    if not finite.all():
        row = int(known[finite.argmin()])
        raise UserError(
            f"{table.place(row, column)}: {_cell(table, column, row)} is not a finite number; mend it, or "
            "add it to dataset.missing_values"
        )
    name = table.names[column]
    if are_compact(values):
        _check_dates(table, column, int(known[0]), False, options)
        dates = values.tolist()
        days = {date: compact_days(date) for date in dict.fromkeys(dates)}
        return _days(table, column, known, dates, days, options)
    return Column(name, "numbers", _scattered(table, known, values), (name,), note)


def _check_dates(table: Table, column: int, row: int, is_ambiguous: bool, options: Options) -> None:
    """Raise a UserError for dates that nobody has asked for, or that may have the day or month first."""
    name, cell = table.names[column], _cell(table, column, row)
    if options.dates == "refuse":
        raise UserError(
            f"{table.place(row, column)}: {cell} is a date or a time; set dataset.dates=days to count days, "
            f"dataset.dates=ignore to leave such columns out, or dataset.categorical=[{name}]"
        )
    if options.dates == "days" and is_ambiguous:
        raise UserError(
            f"{table.place(row, column)}: {cell} may have the day or the month first, and no cell of the "
            f"column tells; write YYYY-MM-DD, or set dataset.ignore=[{name}]"
        )


def _days(
    table: Table,
    column: int,
    known: Array,
    cells: Sequence[str] | Sequence[float],
    days: dict[str, float] | dict[float, float],
    options: Options,
) -> Column:
    """A column of dates, as days or left out."""
    name = table.names[column]
    if options.dates == "ignore":
        return Column(name, "left out", np.empty((len(table.lines), 0)), (), "dates")
    values = np.array([days[cell] for cell in cells])  # type: ignore[index]  # cells are the keys
    return Column(name, "days", _scattered(table, known, values), (name,))


def _scattered(table: Table, known: Array, values: Array) -> Array:
    if len(known) == len(table.lines):
        return values[:, None]
    column = np.full((len(table.lines), 1), np.nan)
    column[known, 0] = values
    return column


def _cell(table: Table, column: int, row: int) -> str:
    cell = table.columns[column][row]
    return quoted(cell) if isinstance(cell, str) else f"'{cell:.17g}'"
