"""The column of classes."""

import re
from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.datasets.tables.kinds import one_case
from optlab.datasets.tables.notation import is_plain
from optlab.datasets.tables.table import Table, quoted

LEADING_ZERO = re.compile(r"[+-]?0\d")
WHOLE_WITH_COMMA = re.compile(r"[+-]?\d+(?:,0{1,2}|,0{4,})?", re.ASCII)
LARGEST_EXPONENT = 400
"""Beyond it a label is no number of a computer's."""


def labels(table: Table, column: int) -> tuple[Array, tuple[str, ...]]:
    """Labels (n,) and names of the classes, in the order of numbers if all are, else of texts.

    Cells are one class where they are the same text, or the same whole number (10 and 10.0, but not 010).

    Raises:
        UserError: one class only; a cell that is not finite; or one that differs from another in its writing
            only, as 1.5 and 1.50 do, or Yes and yes.
    """
    cells = table.columns[column]
    distinct = [] if isinstance(cells, np.ndarray) else list(dict.fromkeys(cells))
    if isinstance(cells, np.ndarray):
        numbers, y = np.unique(cells, return_inverse=True)
        classes = tuple(str(int(number)) for number in numbers.tolist())
    elif all(map(WHOLE_WITH_COMMA.fullmatch, distinct)) or all(map(is_plain, distinct)):
        y, classes = _of_numbers(table, column, distinct)
    else:
        for cell in distinct:
            if cell.lower().lstrip("+-") in ("inf", "infinity", "nan"):
                raise UserError(f"{table.place_of(column, cell)}: {cell} is not a class; mend it")
        texts = one_case(cells, table.source, table.names[column])
        classes = tuple(sorted(set(texts)))
        y = _positions(texts, {text: number for number, text in enumerate(classes)})
    if len(classes) < 2:
        raise UserError(
            f"{table.source}: one class only ({quoted(classes[0])}) in column {column + 1} "
            f"('{table.names[column]}'); add rows of another class, or set dataset.target to another column"
        )
    return y.astype(np.int64), classes


def can_be_array(values: Array) -> bool:
    """Whether classes may be told apart by numbers alone: whole ones, that float64 holds exactly."""
    return bool(np.all(np.abs(values) < 2**53) and np.all(values == np.floor(values)))


def _of_numbers(table: Table, column: int, distinct: list[str]) -> tuple[Array, tuple[str, ...]]:
    names: dict[str, str] = {}  # of the class of each cell
    values: dict[str, Decimal] = {}  # of each class
    fractions: dict[Decimal, str] = {}
    for cell in distinct:
        value = Decimal(cell.replace(",", "."))
        if abs(value.adjusted()) > LARGEST_EXPONENT:
            raise UserError(f"{table.place_of(column, cell)}: {cell[:20]} is not a class; mend it")
        is_code, is_whole = LEADING_ZERO.match(cell) is not None, value == value.to_integral_value()
        names[cell] = cell if is_code else str(int(value)) if is_whole else _fraction(cell)
        values[names[cell]] = value
        if not is_whole and (other := fractions.setdefault(value, cell)) != cell:
            raise UserError(
                f"{table.place_of(column, cell)}: {quoted(cell)} is the same number as the class "
                f"{quoted(other)}, written in another way; write them alike"
            )
    classes = tuple(sorted(values, key=lambda name: (values[name], name)))
    order = {name: number for number, name in enumerate(classes)}
    return _positions(table.columns[column], {cell: order[names[cell]] for cell in distinct}), classes


def _fraction(cell: str) -> str:
    """The shortest way to write a fraction, unless that is another number."""
    shown = str(float(cell))
    return shown if Decimal(shown) == Decimal(cell) else cell


def _positions(cells: Sequence[str], position: dict[str, int]) -> Array:
    return np.fromiter((position[cell] for cell in cells), np.int64, len(cells))
