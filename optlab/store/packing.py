"""Packed results: the part files of a folder joined into one pair of tables, about half the size.

A folder that is being trained into has two files for every stack. Packed, it is small enough to be kept
under version control; it is read, reported, verified and gone on with like any other. Recorded parameters
stay in their files.
"""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from optlab.errors import UserError
from optlab.store import tables
from optlab.store.lock import locked

LEVEL = 9
"""Of the compression: higher ones take long and save little."""


def pack(folder: Path) -> None:
    """Join the part files of a result folder.

    Raises:
        UserError: another process is training into the folder, it has no runs, or a part is damaged.
    """
    with locked(folder):
        parts = tables.parts(folder)
        stacks = [tables.stack(folder, part) for part in parts]
        if not stacks:
            raise UserError(f"{folder}: has no runs in it; name a folder that optlab has written")
        runs, points = (
            pa.concat_tables(joined, promote_options="default") for joined in zip(*stacks, strict=True)
        )
        _write(points, folder / "trajectories" / tables.PACKED)
        _write(runs, folder / "runs" / tables.PACKED)
        for part in parts:
            if part.name != tables.PACKED:
                part.unlink()
                (folder / "trajectories" / part.name).unlink()


def _write(table: pa.Table, path: Path) -> None:
    """Numbers by their bytes, the first ones of all numbers first: these are much alike."""
    numbers = [field.name for field in table.schema if pa.types.is_floating(field.type)]
    tables.whole(
        path,
        lambda file: pq.write_table(
            table,
            file,
            compression="zstd",
            compression_level=LEVEL,
            use_dictionary=[name for name in table.column_names if name not in numbers],
            column_encoding=dict.fromkeys(numbers, "BYTE_STREAM_SPLIT"),
            write_page_checksum=True,
        ),
    )
