"""A column of texts: one feature of zeros and ones per kind."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.core.memory import require
from optlab.datasets.tables.table import Table, quoted

TRUTH = frozenset(("yes", "no", "true", "false"))
TRUTH_LETTERS = frozenset("yntf")
MAX_LETTERS = 4
RANGE = re.compile(r"\d+\s*(?:[-\u2013]|to)\s*\d+|\d+\+")
IN_OTHER_NOTATION = re.compile(
    r"[<>=~\u2264\u2265\u2248]*\W*(?:0[xX][0-9a-fA-F]+|\d[\d\s.,'/:_^*\u00d7\-]*(?:[dDeEx\u00d710^]+[+-]?\d+)?)\W*"
)
DATE_IN_WORDS = re.compile(
    r"(?:[^\W\d]+,? )?\d{1,2}\.?[ -](?:de )?[^\W\d]{3,9}\.?,?[ -](?:de )?(?:\d\d){1,2}"
)
UNIT = re.compile(r"[+-]?\d[\d., ']*\s*(?P<unit>[^\W\d]+[\u00b2\u00b3]?(?:/[^\W\d]+)?|[^\w\s]+)")
MAGNITUDES = frozenset(("k", "K", "m", "M", "b", "B", "bn", "Mio", "mio"))
MIN_KINDS = 20


def zeros_and_ones(
    table: Table, column: int, known: list[int], is_code: bool, drop_first: bool
) -> tuple[Array, list[str], list[str]]:
    """A feature per kind, NaN where a cell is missing, their names, and all kinds.

    Raises:
        UserError: kinds that are numbers in a notation of their own, that differ in upper and lower case
            only, or so many that they tell rows apart.
    """
    name = table.names[column]
    cells = [table.columns[column][row] for row in known]
    if not is_code:
        refuse_numbers(table, column, known)
    cells = one_case(cells, table.source, name)
    texts = sorted(set(cells))
    if len(texts) > max(MIN_KINDS, len(known) // 2):
        raise UserError(
            f"{table.source}: column '{name}' holds {len(texts)} different texts in {len(known)} rows, so it "
            f"tells rows apart rather than kinds; set dataset.ignore=[{name}]"
        )
    first = int(drop_first and len(texts) > 1)
    width = len(texts) - first
    require(
        24 * len(table.lines) * width,
        f"{table.source}, column '{name}' of {len(texts)} kinds",
        f"set dataset.ignore=[{name}]",
    )
    block = np.full((len(table.lines), width), np.nan)
    position = {text: number for number, text in enumerate(texts)}
    index = np.fromiter((position[cell] for cell in cells), np.int64, len(cells))
    block[known] = index[:, None] == np.arange(first, len(texts))
    return block, [f"{name}={text}" for text in texts[first:]], texts


def refuse_numbers(table: Table, column: int, known: list[int]) -> None:
    """Raise a UserError for texts that are numbers with units, or in a notation that is not read."""
    distinct = dict.fromkeys(table.columns[column][row] for row in known)
    if all(RANGE.fullmatch(cell) for cell in distinct):
        return
    cell = next(iter(distinct))
    units = [UNIT.fullmatch(cell) for cell in distinct]
    suffixes = {match["unit"] for match in units if match}
    if None not in units and (len(suffixes) == 1 or suffixes <= MAGNITUDES):
        problem = f"{quoted(cell)} is a number with a unit; write plain numbers"
    elif all(DATE_IN_WORDS.fullmatch(cell) for cell in distinct):
        problem = f"{quoted(cell)} looks like a date in words that optlab does not read; write YYYY-MM-DD"
    elif all(IN_OTHER_NOTATION.fullmatch(cell) or _is_bare(cell) for cell in distinct):
        problem = (
            f"{quoted(cell)} looks like a number in a notation that optlab does not read; write plain numbers"
        )
    else:
        return
    row = next(row for row in known if table.columns[column][row] == cell)
    name = table.names[column]
    raise UserError(
        f"{table.place(row, column)}: {problem}, or set dataset.categorical=[{name}] if "
        f"these are kinds, or dataset.ignore=[{name}]"
    )


def _is_bare(cell: str) -> bool:
    """Whether a cell holds digits and signs, but no letter."""
    return any(map(str.isnumeric, cell)) and not any(map(str.isalpha, cell))


def one_case(cells: Sequence[str], source: str, name: str) -> list[str]:
    """Cells in which yes, no, true and false have one spelling each, the most frequent.

    Letters may be classes that only their case tells apart, where there are many.

    Raises:
        UserError: other words that differ in upper and lower case or in blanks only.
    """
    counts = Counter(cells)
    spellings: dict[str, list[str]] = {}
    for cell in sorted(counts, key=lambda cell: (-counts[cell], cell)):
        spellings.setdefault(" ".join(cell.lower().split()), []).append(cell)
    replaced = {}
    for word, forms in spellings.items():
        if len(forms) == 1 or (len(word) == 1 and len(spellings) > MAX_LETTERS):
            continue
        if word not in TRUTH and not spellings.keys() <= TRUTH_LETTERS:
            first, second = forms[:2]
            raise UserError(
                f"{source}, column '{name}': {quoted(first)} ({counts[first]} rows) and {quoted(second)} "
                f"({counts[second]}) differ in upper and lower case or blanks only; write them alike"
            )
        replaced.update(dict.fromkeys(forms, forms[0]))
    return [replaced.get(cell, cell) for cell in cells] if replaced else list(cells)
