"""Results as tables: `load(folder)` reads a result folder, or several together."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.store import columns, provenance, read


@dataclass(frozen=True)
class Results:
    """What one or several result folders hold."""

    runs: pd.DataFrame  # one row per run
    trajectories: pd.DataFrame  # one row per run and recorded point
    provenance: dict[str, Any] | None
    folders: tuple[Path, ...]  # those that hold tables
    left_out: tuple[
        str, ...
    ] = ()  # damaged files, each with the reason: the runs of their stacks are missing

    def parameters(self, run_id: str) -> Array:
        """Recorded parameters of a run: (P,) with `record_parameters=final`, (T, P) with `all`.

        Raises:
            UserError: none were recorded for this run.
        """
        stack = self.runs.loc[self.runs["run_id"] == run_id, "stack_id"]
        for folder in self.folders:
            for part in [folder / "parameters" / f"{name}.npz" for name in stack]:
                if part.is_file():
                    with np.load(part, allow_pickle=False) as arrays:
                        row = int(np.flatnonzero(arrays["run_id"] == run_id)[0])
                        return np.asarray(arrays["parameters"][..., row, :])
        raise UserError(
            f"run {run_id}: no parameters were recorded; set training.record_parameters=final or all"
        )


def load(*folders: str | Path) -> Results:
    """Read result folders; tables may lie at any depth below them.

    A run that several folders hold is read once. Stacks with a damaged file are left out, and named.

    Raises:
        UserError: no folder, one without runs that can be read, or one of a newer format.
    """
    if not folders:
        raise UserError("optlab.load(): no folder is named; write optlab.load(FOLDER)")
    holders = [found for folder in folders for found in holding(Path(folder))]
    runs, trajectories, left_out, seen = [], [], list[str](), set[str]()
    for folder in holders:
        provenance.check_format(folder)
        for part in read.part_files(folder):
            try:
                table, points = read.stack(folder, part)
            except read.Damaged as error:
                left_out.append(error.what)
                continue
            new = [run_id not in seen for run_id in table["run_id"].to_pylist()]
            seen.update(table["run_id"].to_pylist())
            if any(new):
                runs.append(table.filter(pa.array(new)))
                trajectories.append(points if all(new) else _of(points, runs[-1]))
    if not runs:
        raise read.Damaged(left_out[0])
    records = [record for record in map(provenance.load, holders) if record]
    return Results(
        _frame(runs, columns.RUNS),
        _frame(trajectories, columns.TRAJECTORIES),
        _joined(records),
        tuple(holders),
        tuple(left_out),
    )


def holding(folder: Path) -> list[Path]:
    """Folders at or below `folder` that hold tables of runs."""
    if not folder.is_dir():
        raise UserError(f"{folder}: there is no such folder; name a result folder")
    found = {part.parent.parent for part in folder.rglob("runs/[!.]*.parquet")}
    if not found:
        raise UserError(f"{folder}: holds no results (no runs/*.parquet); name the folder that optlab wrote")
    return sorted(found)


def _of(points: pa.Table, runs: pa.Table) -> pa.Table:
    import pyarrow.compute as pc

    return points.filter(pc.is_in(points["run_id"], runs["run_id"].combine_chunks()))


def _frame(parts: list[pa.Table], schema: pa.Schema) -> pd.DataFrame:
    table = pa.concat_tables(parts, promote_options="default") if parts else schema.empty_table()
    return table.to_pandas()


def _joined(records: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The record of one folder; of several, the latest with the others listed under ``earlier``."""
    if not records:
        return None
    records = sorted(records, key=lambda record: str(record.get("started")))
    data = {name: checksum for record in records for name, checksum in record.get("data", {}).items()}
    return {**records[-1], "data": data, "earlier": records[:-1] + records[-1].get("earlier", [])}
