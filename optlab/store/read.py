"""Reading the part files of a result folder."""

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from optlab.core.errors import UserError
from optlab.store.columns import REAL
from optlab.training.metrics import OUTCOMES, RECORDED


class Damaged(UserError):
    """A part file that cannot be read; `what` tells which and why."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}; the command that wrote it, into the same folder, trains its runs again")
        self.what = what


def stack(folder: Path, part: Path) -> tuple[pa.Table, pa.Table]:
    """The runs and the trajectories of a stack, whose part file of runs is named.

    Raises:
        Damaged: a file is damaged or missing, or the two do not belong together.
    """
    path = folder / "trajectories" / part.name
    runs, points = table(part), table(path)
    for file, stored, cost in ((part, runs, "final_train_cost"), (path, points, "train_cost")):
        for column in ("run_id", cost):
            if column not in stored.column_names:
                raise Damaged(f"{file}: has no column {column}")
    if set(points["run_id"].unique().to_pylist()) != set(runs["run_id"].to_pylist()):
        raise Damaged(f"{path}: does not hold the runs of {part.name}")
    return with_metrics(runs, OUTCOMES), with_metrics(points, RECORDED)


def with_metrics(table: pa.Table, metrics: Iterable[str]) -> pa.Table:
    """A table with the columns of metrics that it was written without: nothing is known of them."""
    for name in metrics:
        if name not in table.column_names:
            table = table.append_column(name, pa.nulls(table.num_rows, REAL))
    return table


def has_stack(folder: Path, stack_id: str) -> bool:
    """Whether a stack has been stored."""
    return (folder / "runs" / f"{stack_id}.parquet").exists()


def run_ids(folder: Path) -> set[str]:
    """Ids of the runs that a folder holds.

    Raises:
        Damaged: a part file is.
    """
    return {run_id for part in part_files(folder) for run_id in table(part, ["run_id"])["run_id"].to_pylist()}


def part_files(folder: Path) -> list[Path]:
    """The part files of a folder's table of runs."""
    return sorted((folder / "runs").glob("[!.]*.parquet"))


def table(part: Path, columns: list[str] | None = None) -> pa.Table:
    """One part file; or some columns of it, of which metrics may be missing.

    Raises:
        Damaged: it is damaged or missing, or has no such column.
    """
    try:
        stored = pq.read_schema(part).names
        present = [name for name in columns or stored if name in stored or name not in OUTCOMES]
        found = pq.read_table(part, columns=present, partitioning=None, page_checksum_verification=True)
    except (OSError, pa.ArrowException) as error:
        reason = str(error).partition("\n")[0]
        raise Damaged(f"{part}: cannot be read as a table ({reason})") from error
    return with_metrics(found, columns or ())
