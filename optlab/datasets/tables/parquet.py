"""Tables in Parquet files, read as if they were texts."""

import io
from typing import Any

from optlab.core.errors import UserError
from optlab.core.memory import require
from optlab.datasets.tables.delimited import CELL_BYTES
from optlab.datasets.tables.table import Table, refuse_duplicates

MAGIC = b"PAR1"


def read_parquet(data: bytes, source: str) -> Table:
    """The cells of a Parquet file; null is an empty cell.

    Raises:
        UserError: damaged, without rows, or with a column of lists, bytes or records.
    """
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        file = ParquetFile(io.BytesIO(data))
        metadata = file.metadata
        cells = metadata.num_rows * metadata.num_columns
        require(CELL_BYTES * cells, source, "use a part of it")
        table = file.read(use_threads=False)
        if not table.num_rows:
            raise UserError(f"{source}: no rows; give a file that has some")
        table.validate(full=True)
        names = [str(name) for name in table.column_names]
        refuse_duplicates(names, source)
        columns = [_texts(table.column(j), source, name) for j, name in enumerate(names)]
        if file.schema.names != names:
            raise ValueError("its two records of the columns' names differ")
    except UserError:
        raise
    except (ArrowException, OSError, ValueError, TypeError, KeyError, MemoryError) as error:
        problem = str(error).partition("\n")[0]
        raise UserError(f"{source}: damaged Parquet file ({problem}); write it again") from error
    return Table(source, names, columns, range(1, table.num_rows + 1), unit="row")


def _texts(column: Any, source: str, name: str) -> list[str]:
    """Cells as texts; shortest decimals that give back the same float."""
    from pyarrow import compute, types

    kind = column.type
    if types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = column.type
    if types.is_nested(kind) or types.is_binary(kind) or types.is_large_binary(kind):
        raise UserError(f"{source}: column '{name}' holds {kind}; leave it out, or write numbers or texts")
    if types.is_null(kind):
        return [""] * len(column)
    if types.is_date(kind) or types.is_timestamp(kind):
        column = compute.strftime(column, format="%Y-%m-%d" if types.is_date(kind) else "%Y-%m-%d %H:%M:%S")
    texts = column.cast("string").to_pylist()
    return ["" if text is None else text.strip() for text in texts]
