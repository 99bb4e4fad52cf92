"""Columns of numbers, in the notation that their cells prove; and the refusal of what may be meant otherwise.

A notation holds for a column. What a column leaves open, another column of the table may decide.
"""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from optlab.core.errors import UserError
from optlab.datasets.tables.notation import (
    NOTATIONS,
    PATTERNS,
    Decimal,
    Notation,
    Thousands,
    bodies,
    is_plain,
    numbers_in,
)
from optlab.datasets.tables.table import Table, quoted

Dates = Literal["refuse", "days", "ignore"]
GROUPED = PATTERNS[Notation("comma", "point")]
CODE = re.compile(r"[+-]?0\d+")
ADDRESS = re.compile(r"(?:(?:1?\d?\d|2[0-4]\d|25[0-5])(?:\.|$)){4}", re.ASCII)
"""Of a computer: no number with points between thousands."""

PADDED_WIDTH = 2
"""Numbers of two digits may be padded with a zero, as months are; longer ones are codes."""


class Options(NamedTuple):
    """How columns are to be read."""

    decimal: Decimal = "auto"
    thousands: Thousands = "auto"
    dates: Dates = "refuse"
    drop_first: bool = False
    proven: frozenset[str] = frozenset()  # which marks stand before decimals, as other columns prove


def decimal_mark(cells: Sequence[str], options: Options) -> str:
    """The mark that can only stand before decimals in a column of numbers; empty if none can only do so."""
    if all(map(is_plain, cells)):
        return "point" if not all(map(GROUPED.fullmatch, cells)) else ""
    stripped, _ = bodies(cells)
    found = _notations(stripped, options) if len(stripped) == len(cells) else {}
    marks = {notation.decimal for notation in found}
    has_marks = any(mark in body for mark in ".," for body in stripped.values())
    return marks.pop() if len(marks) == 1 and has_marks else ""


def numbers_of(
    table: Table, column: int, distinct: list[str], options: Options
) -> tuple[dict[str, float], Notation] | None:
    """The number in every cell, and how they are written; None where a cell is no number.

    Raises:
        UserError: two notations fit, and the numbers would differ; or currencies differ.
    """
    stripped, affixes = bodies(distinct)
    if len(stripped) < len(distinct) or all(map(ADDRESS.fullmatch, distinct)):
        return None
    found = _notations(stripped, options)
    if not found:
        return None
    if len(affixes) > 1:
        other = next(cell for cell in distinct if bodies([cell])[1] != bodies(distinct[:1])[1])
        raise UserError(
            f"{table.place_of(column, other)}: {quoted(other)} has another sign than {quoted(distinct[0])}; "
            f"write all cells of the column alike, or set dataset.ignore=[{table.names[column]}]"
        )
    by_values = {tuple(values): notation for notation, values in reversed(found.items())}
    if len(by_values) > 1 and options.proven == {"comma"}:
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


def refuse_codes(table: Table, column: int, distinct: list[str]) -> None:
    """Refuse numbers with leading zeros, as codes have them, but for those of two digits, as months are."""
    name = table.names[column]
    codes = [cell for cell in distinct if CODE.fullmatch(cell)]
    if codes and all(map(is_plain, distinct)) and max(map(len, distinct)) > PADDED_WIDTH:
        raise UserError(
            f"{table.place_of(column, codes[0])}: {quoted(codes[0])} begins with a zero as codes do; set "
            f"dataset.categorical=[{name}] for kinds, dataset.ignore=[{name}], or take the zeros away"
        )


def refuse_points(table: Table, column: int, distinct: list[str], options: Options) -> None:
    """Refuse points that may stand between thousands, in a table that shows that it may be meant so."""
    pointed = [cell for cell in distinct if "." in cell]
    if not pointed or not all(map(GROUPED.fullmatch, distinct)):
        return
    if table.separator == "semicolon":
        is_doubtful = "point" not in options.proven
    else:
        is_doubtful = table.separator != "comma" and len(pointed) < len(distinct)
    if is_doubtful or "comma" in options.proven:
        raise _two_readings(table, column, pointed[0])


def refuse_mixture(table: Table, column: int, distinct: list[str], options: Options) -> None:
    """Raise a UserError where some cells are numbers and others are not, or not in the same notation."""
    stripped, _ = bodies(distinct)
    numbers = [cell for cell in stripped if _notations({cell: stripped[cell]}, options)]
    name = table.names[column]
    if not numbers or all(map(ADDRESS.fullmatch, distinct)):
        return
    if len(numbers) == len(distinct):
        odd = _odd_one([stripped[cell] for cell in numbers])
        raise UserError(
            f"{table.place_of(column, numbers[odd])}: {quoted(numbers[odd])} is in another notation "
            f"than {quoted(numbers[0])}; write the column in one, with a decimal point"
        )
    are_numbers = set(numbers)
    text = next(cell for cell in distinct if cell not in are_numbers)
    is_set = (options.decimal, options.thousands) != ("auto", "auto")
    if is_set and text in stripped:
        raise UserError(
            f"{table.place_of(column, text)}: {quoted(text)} is no number with "
            f"dataset.decimal={options.decimal} and dataset.thousands={options.thousands}; set them as the "
            "file has them"
        )
    if text.lower().lstrip("+-") in ("inf", "infinity", "nan"):
        raise UserError(
            f"{table.place_of(column, text)}: {text} is not a finite number; mend it, or add it to "
            "dataset.missing_values"
        )
    if 2 * len(numbers) < len(distinct):
        raise UserError(
            f"{table.place_of(column, numbers[0])}: number {quoted(numbers[0])} in a column of texts such as "
            f"{quoted(text)}; set dataset.categorical=[{name}] if all are kinds, or mend it"
        )
    raise UserError(
        f"{table.place_of(column, text)}: text {quoted(text)} in a column of numbers; "
        f"mend it, add it to dataset.missing_values, or set dataset.categorical=[{name}]"
    )


def _odd_one(texts: list[str]) -> int:
    """The first of the numbers that no notation has in common with all before it."""
    fits = list(NOTATIONS)
    for position, text in enumerate(texts):
        fits = [notation for notation in fits if numbers_in([text], notation) is not None]
        if not fits:
            return position
    return len(texts) - 1


def _two_readings(table: Table, column: int, cell: str) -> UserError:
    mark = "comma" if "," in cell else "point"
    return UserError(
        f"{table.place_of(column, cell)}: {quoted(cell)} may have its {mark} before decimals or between "
        f"thousands; set dataset.decimal={mark} or dataset.thousands={mark}"
    )


def _grouped_cell(distinct: list[str], stripped: dict[str, str]) -> str:
    return next(cell for cell in distinct if "," in stripped[cell] or "." in stripped[cell])
