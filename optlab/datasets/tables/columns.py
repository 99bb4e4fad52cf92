"""What a column of a table becomes: numbers, kinds, days, or nothing."""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.core.options import shown
from optlab.datasets.tables.dates import compact_days, days_in, is_compact
from optlab.datasets.tables.kinds import zeros_and_ones
from optlab.datasets.tables.notation import (
    NOTATIONS,
    PATTERNS,
    Decimal,
    Notation,
    Thousands,
    bodies,
    is_plain,
    numbers_in,
    plain_numbers,
)
from optlab.datasets.tables.table import Table

Dates = Literal["refuse", "days", "ignore"]
GROUPED = PATTERNS[Notation("comma", "point")]
CODE = re.compile(r"[+-]?0\d+")
PADDED_WIDTH = 2
"""Numbers of two digits may be padded with a zero, as months are; longer ones are codes."""


class Options(NamedTuple):
    """How columns are to be read."""

    decimal: Decimal = "auto"
    thousands: Thousands = "auto"
    dates: Dates = "refuse"
    drop_first: bool = False
    comma_at: str = ""  # a place that proves that the table has decimal commas; empty: none does


class Column(NamedTuple):
    """A column, read."""

    name: str
    kind: Literal["numbers", "kinds", "days", "left out"]
    values: Array  # (n, k), NaN where missing
    features: tuple[str, ...]  # k names
    note: str = ""  # notation, or why it is left out


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
    rows = known.tolist()
    cells = [table.columns[column][row] for row in rows]
    if not is_code:
        distinct = list(dict.fromkeys(cells))
        _refuse_codes(table, column, distinct)
        plain = plain_numbers(cells) if options.decimal == options.thousands == "auto" else None
        if plain is not None:
            _refuse_points(table, column, distinct, options)
            return _numbers(table, column, known, np.array(plain), "", options)
        if read := _in_notation(table, column, distinct, options):
            values, notation = read
            return _numbers(
                table, column, known, np.array([values[cell] for cell in cells]), str(notation), options
            )
        _refuse_mixture(table, column, distinct, options)
        if dates := days_in(distinct):
            return _days(
                table, column, known, cells, dict(zip(distinct, dates[0], strict=True)), dates, options
            )
    block, features = zeros_and_ones(table, column, rows, is_code, options.drop_first)
    return Column(name, "kinds", block, tuple(features))


def proves_comma(cells: Sequence[str], options: Options) -> bool:
    """Whether a column holds numbers that can only have decimal commas."""
    if all(map(is_plain, cells)):
        return False
    stripped, _ = bodies(cells)
    found = _notations(stripped, options) if len(stripped) == len(cells) else {}
    return bool(found) and all(notation.decimal == "comma" for notation in found)


def _numbers(table: Table, column: int, known: Array, values: Array, note: str, options: Options) -> Column:
    finite = np.isfinite(values)
    if not finite.all():
        row = int(known[finite.argmin()])
        raise UserError(
            f"{table.place(row, column)}: {_cell(table, column, row)} is not a finite number; mend "
            "it, or add it to dataset.missing_values"
        )
    if values.min() >= 19000101 and values.max() <= 20991231 and all(map(is_compact, values.tolist())):
        days = {value: compact_days(value) for value in dict.fromkeys(values.tolist())}
        return _days(table, column, known, values.tolist(), days, [[]], options)
    return Column(
        table.names[column], "numbers", _scattered(table, known, values), (table.names[column],), note
    )


def _days(
    table: Table,
    column: int,
    known: Array,
    cells: Sequence[str | float],
    days: dict[str, float] | dict[float, float],
    readings: list[list[float]],
    options: Options,
) -> Column:
    """A column of dates, as `dataset.dates` says."""
    name, place = table.names[column], table.place(int(known[0]), column)
    if options.dates == "ignore":
        return Column(name, "left out", np.empty((len(table.lines), 0)), (), "dates")
    if options.dates == "refuse":
        raise UserError(
            f"{place}: '{_cell(table, column, int(known[0]))}' is a date or a time; set "
            "dataset.dates=days to count days, dataset.dates=ignore to leave such columns out, or "
            f"dataset.categorical=[{name}]"
        )
    if len(readings) > 1:
        raise UserError(
            f"{place}: '{shown(cells[0])}' may have the day or the month first, and no cell of the column tells; "
            f"write YYYY-MM-DD, or set dataset.ignore=[{name}]"
        )
    values = np.array([days[cell] for cell in cells])  # type: ignore[index]
    return Column(name, "days", _scattered(table, known, values), (name,))


def _in_notation(
    table: Table, column: int, distinct: list[str], options: Options
) -> tuple[dict[str, float], Notation] | None:
    """The number in every cell, and how they are written; None where a cell is no number.

    Raises:
        UserError: two notations fit, and the numbers would differ; or currencies differ.
    """
    stripped, affixes = bodies(distinct)
    if len(stripped) < len(distinct):
        return None
    found = _notations(stripped, options)
    if not found:
        return None
    if len(affixes) > 1:
        other = next(cell for cell in distinct if bodies([cell])[1] != bodies(distinct[:1])[1])
        raise UserError(
            f"{_place(table, column, other)}: '{shown(other)}' has another sign than '{shown(distinct[0])}'; write all "
            f"cells of the column alike, or set dataset.ignore=[{table.names[column]}]"
        )
    by_values = {tuple(values): notation for notation, values in reversed(found.items())}
    if len(by_values) > 1 and options.comma_at:
        by_values = {key: notation for key, notation in by_values.items() if notation.decimal == "comma"}
    if len(by_values) > 1:
        raise _two_readings(table, column, _grouped_cell(distinct, stripped))
    (values, notation), affix = next(iter(by_values.items())), affixes.pop()
    share = 100.0 if affix == "%" else 1.0
    numbers = {cell: value / share for cell, value in zip(distinct, values, strict=True)}
    return numbers, notation._replace(affix=affix)


def _notations(stripped: dict[str, str], options: Options) -> dict[Notation, list[float]]:
    """The notations in which all cells are numbers, and these."""
    found = {}
    for notation in NOTATIONS:
        if options.decimal in ("auto", notation.decimal) and options.thousands in (
            "auto",
            notation.thousands,
        ):
            values = numbers_in(stripped.values(), notation)
            if values is not None:
                found[notation] = values
    return found


def _refuse_codes(table: Table, column: int, distinct: list[str]) -> None:
    """Refuse numbers with leading zeros, as codes have them, but for those of two digits, as months are."""
    name = table.names[column]
    codes = [cell for cell in distinct if CODE.fullmatch(cell)]
    if codes and all(map(is_plain, distinct)) and max(map(len, distinct)) > PADDED_WIDTH:
        raise UserError(
            f"{_place(table, column, codes[0])}: '{shown(codes[0])}' begins with a zero as codes do; set "
            f"dataset.categorical=[{name}] for kinds, dataset.ignore=[{name}], or take the zeros away"
        )


def _refuse_points(table: Table, column: int, distinct: list[str], options: Options) -> None:
    """Refuse points that may stand between thousands, in a table that shows that it may be meant so."""
    pointed = [cell for cell in distinct if "." in cell]
    if not pointed or not all(map(GROUPED.fullmatch, distinct)):
        return
    if options.comma_at or (table.separator == "semicolon" and len(pointed) < len(distinct)):
        raise _two_readings(table, column, pointed[0])


def _refuse_mixture(table: Table, column: int, distinct: list[str], options: Options) -> None:
    """Raise a UserError where some cells are numbers and others are not, or not in the same notation."""
    stripped, _ = bodies(distinct)
    numbers = [cell for cell in stripped if _notations({cell: stripped[cell]}, options)]
    name = table.names[column]
    if not numbers:
        return
    if len(numbers) == len(distinct):
        fits = [n for n in NOTATIONS if numbers_in([stripped[numbers[0]]], n) is not None]
        odd = next(c for c in numbers if all(numbers_in([stripped[c]], n) is None for n in fits))
        raise UserError(
            f"{_place(table, column, odd)}: '{shown(odd)}' is written in another notation than '{shown(numbers[0])}'; "
            "write the column in one, with a decimal point"
        )
    text = next(cell for cell in distinct if cell not in numbers)
    is_set = (options.decimal, options.thousands) != ("auto", "auto")
    if is_set and text in stripped:
        raise UserError(
            f"{_place(table, column, text)}: '{shown(text)}' is no number with dataset.decimal={options.decimal} "
            f"and dataset.thousands={options.thousands}; set them as the file has them"
        )
    if text.lower().lstrip("+-") in ("inf", "infinity", "nan"):
        raise UserError(
            f"{_place(table, column, text)}: {text} is not a finite number; mend it, or add it to "
            "dataset.missing_values"
        )
    if 2 * len(numbers) < len(distinct):
        raise UserError(
            f"{_place(table, column, numbers[0])}: number '{shown(numbers[0])}' in a column of texts such as "
            f"'{shown(text)}'; set dataset.categorical=[{name}] if all are kinds, or mend it"
        )
    raise UserError(
        f"{_place(table, column, text)}: text '{shown(text)}' in a column of numbers; "
        f"mend it, add it to dataset.missing_values, or set dataset.categorical=[{name}]"
    )


def _two_readings(table: Table, column: int, cell: str) -> UserError:
    mark = "comma" if "," in cell else "point"
    return UserError(
        f"{_place(table, column, cell)}: '{shown(cell)}' may have its {mark} before decimals or between thousands; "
        f"set dataset.decimal={mark} or dataset.thousands={mark}"
    )


def _grouped_cell(distinct: list[str], stripped: dict[str, str]) -> str:
    return next(cell for cell in distinct if "," in stripped[cell] or "." in stripped[cell])


def _scattered(table: Table, known: Array, values: Array) -> Array:
    column = np.full((len(table.lines), 1), np.nan)
    column[known, 0] = values
    return column


def _place(table: Table, column: int, cell: str) -> str:
    return table.place(list(table.columns[column]).index(cell), column)


def _cell(table: Table, column: int, row: int) -> str:
    cell = table.columns[column][row]
    return shown(cell) if isinstance(cell, str) else f"{cell:.17g}"
