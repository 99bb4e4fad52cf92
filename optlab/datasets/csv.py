"""Any CSV file of the user's."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.datasets.dataset import RawData, dataset
from optlab.datasets.formats import Table, is_number, read_bytes, read_csv

Delimiter = Literal["auto", "comma", "semicolon", "tab", "bar", "space"]
MISSING = ("", "?", "na", "n/a", "nan", "null")


@dataset
def csv(
    *,
    path: str,
    target: int | str = -1,
    header: bool | None = None,
    delimiter: Delimiter = "auto",
    categorical: tuple[int | str, ...] = (),
    ignore: tuple[int | str, ...] = (),
    missing: Literal["refuse", "mean", "median", "drop"] = "refuse",
    missing_values: tuple[str | int | float, ...] = MISSING,
) -> RawData:
    """A table of delimited text (plain, .gz or .bz2) with a row per sample and a column of classes.

    A column of numbers is a feature; a column of texts (more than half of its cells are no numbers)
    becomes one 0/1 feature per text, named ``column=text``.

    Args:
        path: the file.
        target: the column of classes: its name, or its index from 0 (negative: from the end).
        header: whether the first line names the columns; None: find out.
        delimiter: between cells; auto: the most frequent in the first line.
        categorical: columns of numbers that are codes, to be treated like texts.
        ignore: columns to leave out.
        missing: what to do about missing values: refuse the file, leave out their rows, or fill in the
            mean or median of the column in the training part (also in the 0/1 features of a text
            column). A row whose class is missing can only be left out.
        missing_values: what a missing cell looks like, upper or lower case.
    """
    words = {str(word).lower() for word in missing_values}
    is_plain = not categorical and not any(is_number(word) for word in words - {"nan"})
    table = read_csv(read_bytes(path), path, header, delimiter, target, numbers=is_plain)
    label = table.column(target, "dataset.target")
    left_out = {table.column(name, "dataset.ignore") for name in ignore} | {label}
    codes = {table.column(name, "dataset.categorical") for name in categorical}
    columns = [column for column in range(len(table.names)) if column not in left_out]
    if not columns:
        raise UserError(f"{path}: no column is left besides the target; it needs at least one feature")
    absent = _absent(table, [*columns, label], words)
    if missing == "drop" and absent.any():
        table, absent = _complete_rows(table, absent)
    _refuse_missing(table, absent, [label] if missing in ("mean", "median") else [*columns, label])

    blocks, features = [], []
    for column in columns:
        block, names = _features(table, column, absent[:, column], column in codes)
        blocks.append(block)
        features += names
    y, classes = _labels(table, label)
    impute = missing if missing in ("mean", "median") else None
    return RawData(np.hstack(blocks), y, tuple(features), classes, impute=impute)


def _absent(table: Table, columns: list[int], words: set[str]) -> Array:
    """Which cells are missing: (n, all columns); columns that are not used never are."""
    absent = np.zeros((len(table.lines), len(table.names)), bool)
    if isinstance(table.columns, np.ndarray):
        return absent
    for column in columns:
        cells = [cell.lower() for cell in table.columns[column]]
        if not words.isdisjoint(cells):
            absent[:, column] = [cell in words for cell in cells]
    return absent


def _complete_rows(table: Table, absent: Array) -> tuple[Table, Array]:
    """Only the rows without a missing cell."""
    kept = np.flatnonzero(~absent.any(axis=1)).tolist()
    if not kept:
        raise UserError(f"{table.source}: every row has a missing value; set dataset.missing=median or mean")
    columns = [tuple(cells[row] for row in kept) for cells in table.columns]
    lines = [table.lines[row] for row in kept]
    return table._replace(columns=columns, lines=lines), absent[kept]


def _refuse_missing(table: Table, absent: Array, columns: list[int]) -> None:
    """Raise a UserError for the first missing cell in `columns`."""
    if absent[:, columns].any():
        row = int(absent[:, columns].any(axis=1).argmax())
        column = next(column for column in sorted(columns) if absent[row, column])
        cell = table.columns[column][row]
        raise UserError(
            f"{table.place(row, column)}: {f'missing value {cell!r}' if cell else 'empty cell'}; fill it in, "
            f"or set dataset.missing={'drop' if len(columns) == 1 else 'mean, median or drop'}"
        )


def _features(table: Table, column: int, absent: Array, is_code: bool) -> tuple[Array, list[str]]:
    """The features that a column gives: (n, 1) numbers, or (n, texts) zeros and ones; NaN where missing."""
    name = table.names[column]
    if isinstance(table.columns, np.ndarray):
        return table.columns[column][:, None], [name]
    known = np.flatnonzero(~absent).tolist()
    if not known:
        raise UserError(f"{table.source}: column '{name}' has no value at all; set dataset.ignore=[{name}]")
    cells = [table.columns[column][row] for row in known]
    texts = [] if _all_numbers(cells) else [k for k, cell in enumerate(cells) if not is_number(cell)]
    if is_code or 2 * len(texts) > len(cells):
        return _zeros_and_ones(table, column, known)
    if texts:
        raise UserError(
            f"{table.place(known[texts[0]], column)}: text '{cells[texts[0]]}' in a column of numbers; "
            f"mend it, add it to dataset.missing_values, or set dataset.categorical=[{name}]"
        )
    values = np.full((len(absent), 1), np.nan)
    values[known, 0] = np.array(cells, np.float64)
    if infinite := np.flatnonzero(~np.isfinite(values[known, 0])).tolist():
        raise UserError(
            f"{table.place(known[infinite[0]], column)}: {cells[infinite[0]]} is not a finite number; mend "
            "it, or add it to dataset.missing_values"
        )
    return values, [name]


def _all_numbers(cells: Sequence[str] | Array) -> bool:
    """Whether every cell reads as a number, found out at the speed of NumPy."""
    try:
        np.array(cells, np.float64)
    except ValueError:
        return False
    return True


def _zeros_and_ones(table: Table, column: int, known: list[int]) -> tuple[Array, list[str]]:
    """A feature per text of the column."""
    name = table.names[column]
    texts, index = np.unique([table.columns[column][row] for row in known], return_inverse=True)
    if len(texts) > max(20, len(known) // 2):
        raise UserError(
            f"{table.source}: column '{name}' holds {len(texts)} different texts in {len(known)} rows, so it "
            f"tells rows apart rather than kinds; set dataset.ignore=[{name}]"
        )
    block = np.full((len(table.lines), len(texts)), np.nan)
    block[known] = index[:, None] == np.arange(len(texts))
    return block, [f"{name}={text}" for text in texts]


def _labels(table: Table, column: int) -> tuple[Array, tuple[str, ...]]:
    """Labels (n,) and names of the classes: in the order of numbers if all are, else of texts."""
    cells = table.columns[column]
    if _all_numbers(cells):
        numbers = np.array(cells, np.float64)
        if infinite := np.flatnonzero(~np.isfinite(numbers)).tolist():
            row = infinite[0]
            raise UserError(f"{table.place(row, column)}: {cells[row]} is not a class; mend it")
        values, y = np.unique(numbers, return_inverse=True)
        classes = tuple(str(int(value)) if value.is_integer() else str(value) for value in values.tolist())
    else:
        texts, y = np.unique(cells, return_inverse=True)
        classes = tuple(str(text) for text in texts)
    if len(classes) < 2:
        raise UserError(
            f"{table.source}: one class only ('{classes[0]}') in column {column + 1} "
            f"('{table.names[column]}'); add rows of another class, or set dataset.target to another column"
        )
    return y.astype(np.int64), classes
