"""Rows that a model has not seen, read as the table was that it was trained on.

What each column becomes was decided by the training table: its notation, its kinds and their order. New cells
are read by these decisions, and refused where they do not fit.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.datasets.tables.dates import days_in
from optlab.datasets.tables.missing import MISSING, Words
from optlab.datasets.tables.notation import plain_numbers
from optlab.datasets.tables.numbers import Options, numbers_of
from optlab.datasets.tables.table import Table, quoted

Cells = Sequence[str] | Array
"""Texts without surrounding blanks, or numbers (n,) with NaN where one is missing."""


class Recipe(NamedTuple):
    """How a column of the training table became features."""

    column: str
    kind: str = "numbers"  # numbers, kinds or days
    texts: tuple[str, ...] = ()  # of kinds, sorted
    first: int = 0  # kinds from this one on have a feature
    decimal: str = "point"
    thousands: str = "none"
    affix: str = ""  # a currency, or %

    @property
    def n_features(self) -> int:
        """How many features the column gives."""
        return len(self.texts) - self.first if self.kind == "kinds" else 1


def features_of(
    recipes: Sequence[Recipe],
    columns: Mapping[str, Cells],
    source: str,
    missing: Sequence[str | int | float] = MISSING,
) -> Array:
    """Features (n, d) of new rows, NaN where a cell is missing.

    Args:
        recipes: of the training table.
        columns: cells by the name of their column; others than those of `recipes` are not looked at.
        source: of the rows, for messages.
        missing: what a missing cell looks like.

    Raises:
        UserError: a column is not there, or a cell cannot be read as the training table was.
    """
    lacking = [recipe.column for recipe in recipes if recipe.column not in columns]
    if lacking:
        raise UserError(
            f"{source}: has no column {', '.join(lacking[:5])}{', ...' * (len(lacking) > 5)}; the model was "
            "trained on it, so name the columns as in the training table"
        )
    words = Words(missing)
    blocks = [_block(recipe, columns[recipe.column], source, words) for recipe in recipes]
    return np.concatenate(blocks, axis=1)


def _block(recipe: Recipe, cells: Cells, source: str, words: Words) -> Array:
    """The features (n, k) of one column."""
    if recipe.kind == "kinds":
        return _kinds(recipe, _texts(cells), source, words)
    if isinstance(cells, np.ndarray) and cells.dtype.kind in "biuf":
        return cells.astype(float)[:, None]
    texts = _texts(cells)
    known = [row for row, cell in enumerate(texts) if cell not in words]
    values = np.full((len(texts), 1), np.nan)
    if known:
        read = _numbers if recipe.kind == "numbers" else _days
        values[known, 0] = read(recipe, [texts[row] for row in known], [row + 1 for row in known], source)
    return values


def _numbers(recipe: Recipe, cells: list[str], rows: list[int], source: str) -> Array:
    is_plain = (recipe.decimal, recipe.thousands, recipe.affix) == ("point", "none", "")
    if is_plain and (plain := plain_numbers(cells)) is not None:
        return np.array(plain)
    table = Table(source, [recipe.column], [cells], rows, "row")
    options = Options(recipe.decimal, recipe.thousands)  # type: ignore[arg-type]  # as they were proved
    distinct = list(dict.fromkeys(cells))
    for cell in distinct:
        found = numbers_of(table, 0, [cell], options)
        if found is None or ("%" in (found[1].affix, recipe.affix) and found[1].affix != recipe.affix):
            written = f"decimal {recipe.decimal}, thousands {recipe.thousands}"
            written += f", with {recipe.affix}" if recipe.affix else ""
            raise UserError(
                f"{table.place_of(0, cell)}: {quoted(cell)} is no number as the training table writes them "
                f"({written}); write it so"
            )
    read = numbers_of(table, 0, distinct, options)
    assert read is not None
    return np.array([read[0][cell] for cell in cells])


def _days(recipe: Recipe, cells: list[str], rows: list[int], source: str) -> Array:
    table, distinct = Table(source, [recipe.column], [cells], rows, "row"), list(dict.fromkeys(cells))
    readings = days_in(distinct)
    if len(readings) != 1:
        raise UserError(
            f"{table.place_of(0, distinct[0])}: {quoted(distinct[0])} is no date, or one with the day or the "
            "month first; write YYYY-MM-DD"
        )
    days = dict(zip(distinct, readings[0], strict=True))
    return np.array([days[cell] for cell in cells])


def _kinds(recipe: Recipe, cells: list[str], source: str, words: Words) -> Array:
    position = {text: number for number, text in enumerate(recipe.texts)}
    position = {text.lower(): number for text, number in position.items()} | position
    block = np.full((len(cells), recipe.n_features), np.nan)
    for row, cell in enumerate(cells):
        place = position.get(cell, position.get(cell.lower()))
        if place is not None:
            block[row] = np.arange(recipe.first, len(recipe.texts)) == place
        elif cell not in words:
            shown = ", ".join(recipe.texts[:8]) + ", ..." * (len(recipe.texts) > 8)
            raise UserError(
                f"{source}, row {row + 1}, column '{recipe.column}': {quoted(cell)} was not in the training "
                f"table, which has {shown}; the model knows nothing of it"
            )
    return block


def _texts(cells: Cells) -> list[str]:
    if not isinstance(cells, np.ndarray):
        return list(cells)
    return ["" if value != value else f"{value:.17g}" for value in cells.tolist()]
