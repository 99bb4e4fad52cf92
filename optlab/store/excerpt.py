"""An excerpt: some runs of a result folder as a small result folder, which can be kept with a report."""

import shutil
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from optlab.core.errors import UserError
from optlab.store import columns, provenance, read, write


def excerpt(folder: Path, run_ids: Iterable[str], out: Path) -> None:
    """Write the runs `run_ids` of a folder, their trajectories and its provenance into the folder `out`.

    Raises:
        UserError: the folder has no parts, one is damaged, or `out` cannot be written.
    """
    stacks = [read.stack(folder, part) for part in read.part_files(folder)]
    if not stacks:
        raise UserError(f"{folder}: holds no runs itself; name the folder that the study was trained into")
    chosen = pa.array(run_ids, columns.TEXT)
    runs, points = (read.select_runs(read.concatenate(parts), chosen) for parts in zip(*stacks, strict=True))
    write.prepare(out)
    for name, content in (("trajectories", points), ("runs", runs)):
        write.write_atomically(out / name / "excerpt.parquet", write.parquet(content))
    if provenance.load(folder) is not None:
        shutil.copy(folder / provenance.NAME, out)
