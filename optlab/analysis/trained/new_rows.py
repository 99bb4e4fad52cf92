"""Rows of any form as the raw features of a model: a table, a data frame, an array or a file."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.datasets.files import read_bytes
from optlab.datasets.libsvm_format import read_libsvm
from optlab.datasets.preparation import Preparation
from optlab.datasets.tables.new_rows import Cells
from optlab.datasets.tables.reading import Settings, read_table
from optlab.datasets.tables.table import Table


def raw_features(rows: Any, preparation: Preparation, encoding: str = "auto") -> Array:
    """Features (n, d) of rows, in the units of the training table and without missing values.

    Args:
        rows: a path; a data frame with the columns of the training table; or features (n, d), (n, ...) of
            images, or a sparse matrix.
        preparation: of the training data.
        encoding: of a file of text, as the training table was read.

    Raises:
        UserError: rows that do not fit the model.
    """
    if isinstance(rows, str | Path):
        source = str(rows)
        x = _of_file(source, preparation, encoding)
    elif isinstance(rows, pd.DataFrame):
        source = "data frame"
        x = preparation.of_table({str(name): _cells(rows[name]) for name in rows}, source)
    else:
        source = "rows"
        x = _of_array(rows, preparation)
    return preparation.filled(x, source)


def _of_array(rows: Any, preparation: Preparation) -> Array:
    d = preparation.n_features
    if preparation.sparse:
        from scipy.sparse import csr_array

        x = csr_array(rows)
    else:
        x = np.asarray(rows.toarray() if hasattr(rows, "toarray") else rows)
        x = x.reshape(len(x), -1) if x.ndim > 2 else np.atleast_2d(x)
    if x.shape[1] != d or (not preparation.sparse and x.dtype.kind not in "biuf"):
        raise UserError(
            f"rows of shape {x.shape} and type {x.dtype}: the model takes numbers of shape (n, {d}), the "
            f"features {', '.join(preparation.features[:5])}{', ...' * (d > 5)}; or give a data frame with "
            "the columns of the training table"
        )
    return x


def _of_file(path: str, preparation: Preparation, encoding: str) -> Array:
    if preparation.sparse:
        from scipy.sparse import csr_array

        rows, d = read_libsvm(read_bytes(path), path), preparation.n_features
        if rows.width > d:
            raise UserError(f"{path}: has a feature {rows.width}, and the model knows {d}; leave it out")
        return csr_array((rows.values, rows.columns, rows.starts), shape=(len(rows.labels), d))
    recipes = preparation.table_recipes()
    settings = Settings(target=recipes[0].column, decimal="point", encoding=encoding)  # cells stay texts
    table = read_table(path, settings)
    names = _names(table, [recipe.column for recipe in recipes], bool(preparation.recipes))
    return preparation.of_table(dict(zip(names, table.columns, strict=False)), path)


def _names(table: Table, wanted: list[str], exactly: bool) -> list[str]:
    """The names of the columns: the model's own, in its order, where the file has none."""
    unnamed = table.names == [f"x{number}" for number in range(1, len(table.names) + 1)]
    fits = len(table.names) == len(wanted) if exactly else len(table.names) >= len(wanted)
    if unnamed and fits and not set(wanted) <= set(table.names):
        return [*wanted, *table.names[len(wanted) :]]
    return table.names


def _cells(column: pd.Series) -> Cells:
    """A column of a data frame as texts, or as numbers with NaN for what is missing."""
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        return column.to_numpy(dtype=float, na_value=np.nan)
    if pd.api.types.is_datetime64_any_dtype(column):
        column = column.dt.strftime("%Y-%m-%d %H:%M:%S")
    return ["" if pd.isna(cell) else str(cell).strip() for cell in column]
