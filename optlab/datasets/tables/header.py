"""Whether the first row of a table names its columns."""

import re
from collections import Counter
from collections.abc import Sequence

from optlab.core.errors import UserError
from optlab.datasets.tables.notation import is_plain

SAMPLE_ROWS = 10_000
MISSING = frozenset(("", "?", "na", "n/a", "nan", "null"))
VALUE = re.compile(r"\W*\d")
"""How numbers in any notation begin, and dates."""


def has_header(rows: Sequence[Sequence[str]], target: int | str, source: str) -> bool:
    """Whether the first of the rows holds names.

    It does if it holds the name of the target; a text above a column of numbers; the positions 0, 1, 2, ...;
    a text above the classes that is none of them; or only texts that do not occur again in their columns.

    Raises:
        UserError: one sign says so and another does not.
    """
    first, below = rows[0], rows[1 : SAMPLE_ROWS + 1]
    if isinstance(target, str) and target in first:
        return True
    if not any(first) or not below:
        return any(first) and not any(map(VALUE.match, first))
    columns = list(zip(*below, strict=True))
    recurring = [cell for cell, column in zip(first, columns, strict=True) if cell and cell in column]
    names = [
        cell for cell, column in zip(first, columns, strict=True) if _is_name(cell) and _are_values(column)
    ]
    if names and recurring:
        raise _doubtful(
            source,
            f"'{names[0]}' stands above numbers as a name does, but '{recurring[0]}' occurs again below",
        )
    if names:
        return True
    if recurring:
        return False
    values = [cell for cell in first if VALUE.match(cell)]
    if len(values) == len(first):
        if _are_positions(first):
            return True
        if _are_whole_above_fractions(first, columns):
            raise _doubtful(
                source, f"{', '.join(first[:3])} are whole numbers above fractions, as names may be"
            )
        return False
    return not values or _names_the_classes(first, columns, target, source)


def _is_name(cell: str) -> bool:
    return not VALUE.match(cell) and cell.lower() not in MISSING


def _are_values(cells: Sequence[str]) -> bool:
    """Whether a column holds numbers or dates, and nothing else but missing values."""
    known = [cell for cell in cells if cell.lower() not in MISSING]
    return bool(known) and all(map(VALUE.match, known))


def _are_positions(first: Sequence[str]) -> bool:
    return len(first) > 2 and list(first) == [str(position) for position in range(len(first))]


def _are_whole_above_fractions(first: Sequence[str], columns: Sequence[Sequence[str]]) -> bool:
    """Whether all cells but one, of three at least, are whole numbers above columns of fractions alone."""
    fractions = sum(all(is_plain(cell) and "." in cell for cell in column) for column in columns)
    few = len(columns[0]) < 3 or len(first) < 3
    return not few and fractions >= len(first) - 1 and all(cell.isdecimal() for cell in first)


def _names_the_classes(
    first: Sequence[str], columns: Sequence[Sequence[str]], target: int | str, source: str
) -> bool:
    """Whether a first row of numbers and texts has a name above the classes: as a class it had one row."""
    if not isinstance(target, int) or not -len(first) <= target < len(first) or VALUE.match(first[target]):
        return False
    if min(Counter(columns[target]).values()) > 1:
        return True
    numbers = [(position, cell) for position, cell in enumerate(first) if VALUE.match(cell)]
    if len(numbers) > 1 and all(cell == str(position) for position, cell in numbers):
        raise _doubtful(source, f"{', '.join(first[:3])} may be names or a row")
    return False


def _doubtful(source: str, why: str) -> UserError:
    return UserError(f"{source}, first line: {why}; set dataset.header=true or false")
