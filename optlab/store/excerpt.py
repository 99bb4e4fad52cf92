"""An excerpt: some runs of a result folder as a small result folder, which can be kept with a report."""

import shutil
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from optlab.errors import UserError
from optlab.store import provenance, tables


def excerpt(folder: Path, run_ids: Iterable[str], out: Path) -> None:
    """Write the runs `run_ids` of a folder, their trajectories and its provenance into the folder `out`.

    Raises:
        UserError: the folder has no parts, one is damaged, or `out` cannot be written.
    """
    stacks = [tables.stack(folder, part) for part in tables.parts(folder)]
    if not stacks:
        raise UserError(f"{folder}: holds no runs itself; name the folder that the study was trained into")
    runs, points = (pa.concat_tables(part, promote_options="default") for part in zip(*stacks, strict=True))
    chosen = pa.array(run_ids, tables.TEXT)
    tables.prepare(out)
    for name, table in (("trajectories", points), ("runs", runs)):
        kept = table.filter(pc.is_in(table["run_id"], chosen))
        tables.whole(out / name / "excerpt.parquet", tables.parquet(kept))
    if (folder / provenance.NAME).exists():
        shutil.copy(folder / provenance.NAME, out)
