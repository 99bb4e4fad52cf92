"""Any table of the user's: delimited text or Parquet."""

from typing import Literal

import numpy as np

from optlab.core.errors import UserError
from optlab.datasets.dataset import RawData, dataset
from optlab.datasets.tables.missing import MISSING
from optlab.datasets.tables.notation import Decimal, Thousands
from optlab.datasets.tables.numbers import Dates
from optlab.datasets.tables.reading import Settings, read

Delimiter = Literal["auto", "comma", "semicolon", "tab", "bar", "space"]


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
    decimal: Decimal = "auto",
    thousands: Thousands = "auto",
    encoding: str = "auto",
    dates: Dates = "refuse",
    drop_first: bool = False,
) -> RawData:
    """A table with a row per sample and a column of classes: delimited text or Parquet, plain or compressed.

    A column of numbers is a feature, also where they are written as ``1.234,5``, ``$15`` or ``15%``; a
    column of texts becomes one 0/1 feature per text, named ``column=text``. A cell that could be meant in
    two ways is refused. Identifiers, row numbers and an unnamed index are left out. ``optlab-data describe``
    shows how a file is read.

    Args:
        path: the file, plain or packed by gzip, bzip2, xz or zip.
        target: the column of classes: its name, or its index from 0 (negative: from the end).
        header: whether the first line names the columns; None: find out.
        delimiter: between cells; auto: what divides the first lines into rows of one length.
        categorical: columns of numbers that are codes, to be treated like texts.
        ignore: columns to leave out.
        missing: what to do about missing values: refuse the file, leave out their rows, or fill in the
            mean or median of the column in the training part (also in the 0/1 features of a text
            column). A row whose class is missing can only be left out.
        missing_values: what a missing cell looks like, upper or lower case; numbers are compared as numbers.
        decimal: what stands before decimals; auto: what the cells prove.
        thousands: what stands between thousands; auto: what the cells prove.
        encoding: of the text, by a name that Python knows; auto: UTF-8, or UTF-16 with a byte order mark.
        dates: what to do about columns of dates and times: refuse the file, count days since 1970, or leave
            them out.
        drop_first: leave out the first 0/1 feature of each column of texts, which the others imply.
    """
    settings = Settings(
        target,
        header,
        delimiter,
        categorical,
        ignore,
        missing,
        missing_values,
        decimal,
        thousands,
        encoding,
        dates,
        drop_first,
    )
    reading = read(path, settings)
    features = [name for column in reading.columns for name in column.features]
    if not features:
        raise UserError(f"{path}: no column is left besides the target; it needs at least one feature")
    impute = missing if missing in ("mean", "median") else None
    x = np.hstack([column.values for column in reading.columns])
    return RawData(
        x,
        reading.y,
        tuple(features),
        reading.classes,
        impute=impute,
        notes=reading.notes,
        recipes=tuple(column.recipe for column in reading.columns),
        missing=missing_values,
    )
