"""Reading result folders: their tables together (`load`), or one part file after the other.

Metrics that a folder was written without are missing values: nothing is known of them.
"""

import math
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.core.options import shown
from optlab.core.paths import expanded
from optlab.store import check, parameters, provenance
from optlab.store.check import Damaged as Damaged
from optlab.store.columns import REAL
from optlab.training.metrics import OUTCOMES, RECORDED, worst

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Results:
    """What one or several result folders hold."""

    runs: "pd.DataFrame"  # one row per run
    trajectories: "pd.DataFrame"  # one row per run and recorded point
    provenance: dict[str, Any] | None
    folders: tuple[Path, ...]  # those that hold tables
    skipped_files: tuple[str, ...] = ()  # damaged ones, with the reason: the runs of their stacks are missing

    def parameters(self, run_id: str) -> Array:
        """Recorded parameters of a run: (P,) with `record_parameters=final`, (T, P) with `all`.

        Raises:
            UserError: none were recorded for this run, or the file that holds them is damaged.
        """
        stack_ids = self.runs.loc[self.runs["run_id"] == run_id, "stack_id"]
        for folder in self.folders:
            for part in [folder / "parameters" / f"{stack_id}.npz" for stack_id in stack_ids]:
                if part.exists():
                    run_ids, values = parameters.load(part)
                    if run_id in run_ids:
                        return np.asarray(values[..., run_ids.index(run_id), :])
        raise UserError(
            f"run {run_id}: no parameters were recorded; set training.record_parameters=final or all"
        )


def load(*folders: str | Path) -> Results:
    """Read result folders; tables may lie at any depth below them.

    A run that several folders hold is read once. Stacks with a damaged file are skipped, and named.

    Raises:
        UserError: no folder, what is none, one without runs that can be read, or one of a newer format.
    """
    if not folders:
        raise UserError("optlab.load(): no folder is named; write optlab.load(FOLDER)")
    for folder in folders:
        if not isinstance(folder, str | os.PathLike):
            raise UserError(
                f"optlab.load({folder!r}): a folder is a text or a path; write optlab.load('FOLDER'), "
                "or several as optlab.load('FOLDER', 'FOLDER')"
            )
    sources = [source for folder in folders for source in result_folders(expanded(folder))]
    all_runs, all_points, skipped_files, seen = [], [], list[str](), set[str]()
    for folder in sources:
        provenance.check_format(folder)
        for part in part_files(folder):
            try:
                runs, points = stack(folder, part)
            except Damaged as error:
                skipped_files.append(error.what)
                continue
            new = [run_id not in seen for run_id in runs["run_id"].to_pylist()]
            seen.update(runs["run_id"].to_pylist())
            if any(new):
                all_runs.append(runs.filter(pa.array(new)))
                all_points.append(points if all(new) else select_runs(points, all_runs[-1]["run_id"]))
    if not all_runs:
        raise Damaged(skipped_files[0])
    return Results(
        concatenate(all_runs).to_pandas(),
        concatenate(all_points).to_pandas(),
        provenance.merge(filter(None, map(provenance.load, sources))),
        tuple(sources),
        tuple(skipped_files),
    )


def result_folders(folder: Path) -> list[Path]:
    """Folders at or below `folder` that hold tables of runs; not the excerpt of one that has them itself.

    Raises:
        UserError: there are none.
    """
    try:
        if not folder.is_dir():
            raise UserError(f"{folder}: there is no such folder; name a result folder")
        sources = {part.parent.parent for part in folder.rglob("runs/[!.]*.parquet")}
    except OSError as error:
        reason = error.strerror or error
        raise UserError(f"{shown(folder)}: cannot be read ({reason}); name a result folder") from error
    if not sources:
        raise UserError(f"{folder}: holds no results (no runs/*.parquet); name the folder that optlab wrote")
    return sorted(f for f in sources if not (f.name == "excerpt" and f.parent in sources))


def part_files(folder: Path) -> list[Path]:
    """The part files of a folder's table of runs."""
    return sorted((folder / "runs").glob("[!.]*.parquet"))


def has_stack(folder: Path, stack_id: str) -> bool:
    """Whether a stack has been stored."""
    return (folder / "runs" / f"{stack_id}.parquet").exists()


def run_ids(folder: Path) -> set[str]:
    """Ids of the runs that a folder holds.

    Raises:
        Damaged: a part file is.
    """
    return {run_id for part in part_files(folder) for run_id in table(part, ["run_id"])["run_id"].to_pylist()}


def objective_values(folder: Path, metrics: Iterable[str]) -> dict[str, dict[str, float]]:
    """What runs are worth to a sweeper: for every metric (a column of `runs`), its value by run id.

    A diverged run is worth the worst there is, cost ∞ or accuracy 0, so that a sweeper turns away from it.
    NaN where a metric is not available.

    Raises:
        Damaged: a part file is.
    """
    by_metric: dict[str, dict[str, float]] = {metric: {} for metric in metrics}
    for part in part_files(folder):
        runs = table(part, ["run_id", "status", *by_metric]).to_pydict()
        for metric, by_run in by_metric.items():
            for run_id, status, value in zip(runs["run_id"], runs["status"], runs[metric], strict=True):
                known = math.nan if value is None else value
                by_run[run_id] = worst(metric) if status == "diverged" else known
    return by_metric


def stack(folder: Path, part: Path) -> tuple[pa.Table, pa.Table]:
    """The runs and the trajectories of a stack, whose part file of runs is named.

    Raises:
        Damaged: a file is damaged or missing, or the two do not belong together.
    """
    path = folder / "trajectories" / part.name
    runs = table(part)
    check.check_runs(part, runs)
    points = table(path)
    check.check_points(path, points, runs)
    return _with_columns(runs, OUTCOMES), _with_columns(points, RECORDED)


def table(part: Path, columns: Iterable[str] = ()) -> pa.Table:
    """One part file, or some columns of it.

    Raises:
        Damaged: it is damaged or missing, or has no such column.
    """
    names = list(columns)
    check.check_file(part)
    try:
        with part.open("rb") as opened, pq.ParquetFile(opened, page_checksum_verification=True) as file:
            stored = file.schema_arrow.names
            present = [name for name in names if name in stored or name not in OUTCOMES]
            groups = [file.metadata.row_group(i) for i in range(file.metadata.num_row_groups)]
            check.check_size(part, file.metadata.num_rows, sum(group.total_byte_size for group in groups))
            content = check.conforming(part, file.read(present if names else None))
    except (OSError, ValueError, MemoryError, OverflowError, pa.ArrowException) as error:
        reason = str(error).partition("\n")[0]
        raise Damaged(f"{part}: cannot be read as a table ({reason})") from error
    for name in present:
        if name not in content.column_names:
            raise Damaged(f"{part}: has no column {name}")
    return _with_columns(content, names)


def concatenate(tables: Iterable[pa.Table]) -> pa.Table:
    """Part files below one another; a column that some of them lack is null there."""
    return pa.concat_tables(tables, promote_options="default")


def select_runs(content: pa.Table, run_ids: pa.Array | pa.ChunkedArray) -> pa.Table:
    """The rows of these runs."""
    import pyarrow.compute as pc

    if isinstance(run_ids, pa.ChunkedArray):
        run_ids = run_ids.combine_chunks()
    return content.filter(pc.is_in(content["run_id"], run_ids))


def _with_columns(content: pa.Table, metrics: Iterable[str]) -> pa.Table:
    """A table with the columns of metrics that it lacks, null everywhere."""
    for name in metrics:
        if name not in content.column_names:
            content = content.append_column(name, pa.nulls(content.num_rows, REAL))
    return content
