"""Tables that are in memory, as files that a sweep can read, in every worker and when it is verified."""

import hashlib
import io
import os
from pathlib import Path
from typing import Any

import numpy as np

from optlab.core.errors import UserError
from optlab.datasets.download import cache_folder

TARGET = "y"


def stored(data: Any) -> Path:
    """The Parquet file in the cache that holds a table; its name is a hash of the content.

    Args:
        data: a pandas DataFrame with the classes in a column, the last unless `dataset.target` says
            otherwise; or (X, y): (n, d) features, and n classes.

    Raises:
        UserError: it is none of these, X and y differ in length, or the cache cannot be written.
    """
    content = io.BytesIO()
    table = _frame(data)
    try:
        table.to_parquet(content, index=False)
    except (ValueError, TypeError, NotImplementedError, OSError) as error:
        problem = str(error).partition("\n")[0]
        raise UserError(f"data: cannot be stored ({problem}); give columns of numbers or texts") from error
    name = hashlib.sha256(content.getvalue()).hexdigest()[:16]
    path = cache_folder() / "tables" / f"{name}.parquet"
    try:
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(f".{os.getpid()}")
            part.write_bytes(content.getvalue())
            os.replace(part, path)
    except OSError as error:
        raise UserError(
            f"{path}: cannot be written ({error.strerror}); set XDG_CACHE_HOME to another folder"
        ) from error
    return path


def _frame(data: Any) -> Any:
    import pandas

    if isinstance(data, pandas.DataFrame):
        return data.set_axis(list(map(str, data.columns)), axis="columns")
    if not isinstance(data, tuple | list) or len(data) != 2:
        raise UserError(f"data: a {type(data).__name__}; give a DataFrame, or (X, y)")
    x, y = data
    if isinstance(x, pandas.DataFrame):
        table = x.set_axis(list(map(str, x.columns)), axis="columns").reset_index(drop=True)
    else:
        values = np.asarray(x)
        if values.ndim != 2 or values.dtype.kind not in "biuf":
            raise UserError(
                f"data: X is {values.ndim}-dimensional, of {values.dtype}; give (n, d) numbers, or a "
                "DataFrame (of sparse data, write a file for dataset=libsvm)"
            )
        table = pandas.DataFrame(values, columns=[f"x{j}" for j in range(1, values.shape[1] + 1)])
    labels = np.asarray(y)
    if labels.shape != (len(table),):
        raise UserError(
            f"data: y has shape {labels.shape}; give a class for each of the {len(table)} rows of X"
        )
    if TARGET in table.columns:
        raise UserError(f"data: X has a column '{TARGET}', the name that the classes get; rename it")
    return table.assign(**{TARGET: labels})
