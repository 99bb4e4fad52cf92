"""The door of a result folder: what a part file must be to be read, by reports, replays and resumed sweeps.

Names and types are those of the schema; every run stands there once, with a configuration that is one; a
trajectory goes from step 0 to the last of its run. Checksums of the columns, which stand in the file beside
the names, tell a changed cell; folders that were written without them are read without.
"""

import json
import stat
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from optlab.core.errors import UserError
from optlab.core.text import is_writable
from optlab.store.columns import LAYERED, REAL, RUNS, SPREAD, TEXT, TRAJECTORIES, WHOLE
from optlab.training.metrics import METRICS, OPTIONAL, OUTCOMES, RECORDED
from optlab.training.stopping import STATUSES

CHECKSUMS = b"optlab.crc32"
"""The key in a file's metadata: checksums of its columns, by name, as JSON."""

MAX_DEPTH = 20
"""Levels of a JSON value; a configuration has five, a record of several commands twelve."""

MAX_ROW_BYTES = 2**16
"""Memory that a row may take: a configuration of a few hundred options."""

MAY_BE_NULL = {"lr", "batch_size", "overrides", *OUTCOMES, *RECORDED} - {"final_train_cost", "train_cost"}
BESIDE = tuple(metric.name for metric in METRICS if metric.optional)
"""Columns of trajectories that some runs have."""

NEVER_NULL = {*RUNS.names, *TRAJECTORIES.names} - MAY_BE_NULL


class Damaged(UserError):
    """A part file that cannot be read; `what` tells which and why."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}; the command that wrote it, into the same folder, trains its runs again")
        self.what = " ".join(what.split())


def check_file(path: Path) -> None:
    """Refuse what is no file: a pipe would be waited for, a device read without end.

    Raises:
        Damaged: it is something else, or missing.
    """
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        raise Damaged(f"{path}: cannot be read as a table ({error})") from error
    if not stat.S_ISREG(mode):
        raise Damaged(f"{path}: cannot be read as a table (it is no regular file)")


def check_size(path: Path, n_rows: int, n_bytes: int) -> None:
    """Refuse rows that are far larger than those of a run, before they are read.

    Raises:
        Damaged: they are.
    """
    if n_bytes > MAX_ROW_BYTES * (n_rows + 2**8):
        raise Damaged(f"{path}: {n_rows:,} rows take {n_bytes / 2**20:,.0f} MiB, which no runs do")


def with_checksums(content: pa.Table) -> pa.Table:
    """A table that carries the checksums of its columns."""
    sums = {name: checksum(content[name]) for name in content.column_names}
    return content.replace_schema_metadata({CHECKSUMS: json.dumps(sums)})


def checksum(column: pa.ChunkedArray) -> int:
    """CRC-32 of the cells of a column of texts or numbers, however they are stored."""
    column = column.combine_chunks()
    total = zlib.crc32(np.packbits(column.is_null().to_numpy(zero_copy_only=False)).tobytes())
    if pa.types.is_string(column.type):
        column = column.dictionary_encode()
        if isinstance(column, pa.ChunkedArray):
            column = column.combine_chunks()
        words = "\0".join(word or "" for word in column.dictionary.to_pylist())
        total = zlib.crc32(words.encode(errors="surrogatepass"), total)
        column = column.indices
    cells: Any = np.ascontiguousarray(column.fill_null(0).to_numpy(zero_copy_only=False))
    return zlib.crc32(cells, total)


def conforming(path: Path, content: pa.Table) -> pa.Table:
    """The columns that were read of a part file, in the types of the schema and without its metadata.

    Raises:
        Damaged: a column that the schema does not have, one twice, or one with other cells than it allows.
    """
    names = content.column_names
    if len(set(names)) < len(names):
        raise Damaged(f"{path}: has a column twice")
    types = {field.name: field.type for field in (RUNS if path.parent.name == "runs" else TRAJECTORIES)}
    sums, columns = _checksums(path, content), dict[str, pa.ChunkedArray]()
    for name in names:
        wanted = types.get(name) or _type_beside_the_schema(path, name, sums)
        if wanted is None:
            raise Damaged(f"{path}: has an unknown column {name!r}")
        columns[name] = _cast(path, name, content[name], wanted)
        if sums and sums.get(name) != checksum(columns[name]):
            raise Damaged(f"{path}: column {name} is not as it was written")
    return pa.table(columns)


def _checksums(path: Path, content: pa.Table) -> dict[str, Any]:
    """The checksums that a part was written with, by column; empty in folders of before."""
    text = (content.schema.metadata or {}).get(CHECKSUMS)
    try:
        sums = {} if text is None else dict(json.loads(text))
    except (ValueError, TypeError, RecursionError) as error:
        raise Damaged(f"{path}: its checksums cannot be read") from error
    if text is not None and not sums:
        raise Damaged(f"{path}: its checksums are missing")
    return sums


def _type_beside_the_schema(path: Path, name: str, sums: dict[str, Any]) -> pa.DataType | None:
    """The type of a column that some tables have: a spread of seconds, metrics of some runs, of layers or of
    one's own."""
    of_runs = path.parent.name == "runs"
    is_known = name in (SPREAD, *OPTIONAL) if of_runs else name in BESIDE or LAYERED.fullmatch(name)
    return REAL if is_known or name in sums else None


def _cast(path: Path, name: str, column: pa.ChunkedArray, wanted: pa.DataType) -> pa.ChunkedArray:
    """A column in the type of the schema, without cells that are missing or infinite where none may be."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    is_text = pa.types.is_string(kind) or pa.types.is_large_string(kind)
    is_number = pa.types.is_integer(kind) or pa.types.is_floating(kind)
    if not (is_text if wanted == TEXT else is_number) and column.null_count < len(column):
        raise Damaged(f"{path}: column {name} holds {column.type}, where {wanted} is due")
    try:
        if wanted == WHOLE and pa.types.is_floating(kind):  # pandas has written it so
            column = pc.if_else(pc.is_nan(column), None, column)
        column = column.cast(wanted)
    except (pa.ArrowException, ValueError) as error:
        raise Damaged(f"{path}: column {name} cannot be read as {wanted} ({_first_line(error)})") from error
    if column.null_count and name in NEVER_NULL:
        raise Damaged(f"{path}: column {name} has empty cells")
    if wanted == WHOLE and name != "seed" and (pc.min(column).as_py() or 0) < 0:
        raise Damaged(f"{path}: column {name} has a negative cell")
    if name in ("epochs", "epoch", "seconds") and not _all_finite(column, low=0.0):
        raise Damaged(f"{path}: column {name} has a cell that is no number at least 0")
    if name == "lr" and np.isinf(_numbers(column)).any():
        raise Damaged(f"{path}: column lr has an infinite cell")
    return column


def check_runs(path: Path, runs: pa.Table) -> None:
    """Refuse a table of runs, all of its columns conforming, that does not hold each run of its stack once.

    Raises:
        Damaged: it lacks a column, a run stands there twice or is missing, or a cell contradicts another.
    """
    _check_complete(path, runs, RUNS.names, OUTCOMES)
    columns = runs.select([name for name in RUNS.names if name in runs.column_names]).to_pydict()
    if not columns["run_id"]:
        raise Damaged(f"{path}: holds no runs")
    if len(set(columns["run_id"])) < len(columns["run_id"]):
        raise Damaged(f"{path}: holds a run twice")
    if strange := set(columns["status"]) - {*STATUSES}:
        raise Damaged(f"{path}: knows a status {min(strange)!r}")
    sizes = {
        size
        for name, size in zip(columns["stack_id"], columns["stack_size"], strict=True)
        if name == path.stem
    }
    if sizes and sizes != {runs.num_rows}:
        raise Damaged(f"{path}: holds {runs.num_rows} runs of a stack of {max(sizes)}")
    for status, cost in zip(columns["status"], columns["final_train_cost"], strict=True):
        if status != "diverged" and not np.isfinite(cost):
            raise Damaged(f"{path}: a run that did not diverge has the training cost {cost}")
    known = zip(
        *(columns[name] for name in ("run_id", "config", "dataset", "model", "optimizer", "seed")),
        strict=True,
    )
    for run_id, config, *told in known:
        if why := _misconfigured(config, told):
            raise Damaged(f"{path}: the configuration of run {run_id[:40]} {why}")


def check_points(path: Path, points: pa.Table, runs: pa.Table) -> None:
    """Refuse trajectories, all columns conforming, that are not those of `runs`, from first step to last.

    Raises:
        Damaged: they are not.
    """
    _check_complete(path, points, TRAJECTORIES.names, RECORDED)
    last = dict(zip(runs["run_id"].to_pylist(), runs["steps"].to_pylist(), strict=True))
    ids = points["run_id"].combine_chunks().dictionary_encode()
    names, rows = ids.dictionary.to_pylist(), ids.indices.to_numpy(zero_copy_only=False)
    if {*names} != last.keys():
        raise Damaged(f"{path}: does not hold the runs of {path.name}")
    order = np.argsort(rows, kind="stable")
    rows, steps = rows[order], points["step"].to_numpy()[order]
    begins = np.flatnonzero(np.diff(rows, prepend=-1))
    ends = np.append(begins[1:], len(rows)) - 1
    rises = np.diff(steps) > 0
    rises[ends[:-1]] = True  # the next run begins
    if (
        not rises.all()
        or (steps[begins] != 0).any()
        or [last[name] for name in names] != steps[ends].tolist()
    ):
        raise Damaged(f"{path}: steps of a run are missing or stand there twice")


def _check_complete(path: Path, content: pa.Table, names: Iterable[str], optional: Iterable[str]) -> None:
    """Refuse a table that lacks a column which every version has written."""
    cost = "final_train_cost" if path.parent.name == "runs" else "train_cost"
    for name in names:
        if name not in content.column_names and (name == cost or name not in optional):
            raise Damaged(f"{path}: has no column {name}")


def _misconfigured(text: str, told: list[Any]) -> str | None:
    """What is wrong with the configuration of a run, in words; `told` is what its row says of it."""
    try:
        config = json.loads(text)
    except (ValueError, RecursionError):
        return "is no JSON"
    if not isinstance(config, dict) or not is_plain(config):
        return "is no mapping of options"
    sections: list[Any] = [config.get(name) for name in ("dataset", "model", "optimizer", "training")]
    if not all(isinstance(section, dict) for section in sections):
        return "lacks a section"
    if [section.get("name") for section in sections[:3]] + [config.get("seed")] != told:
        return "is not that of its row"
    return None


def is_plain(value: Any, depth: int = 0) -> bool:
    """Whether a JSON value has few levels, and texts that can be written."""
    if depth > MAX_DEPTH:
        return False
    if isinstance(value, dict):
        return all(is_plain(part, depth + 1) for pair in value.items() for part in pair)
    if isinstance(value, list):
        return all(is_plain(part, depth + 1) for part in value)
    return not isinstance(value, str) or is_writable(value)


def _all_finite(column: pa.ChunkedArray, low: float) -> bool:
    numbers = _numbers(column)
    return bool((np.isfinite(numbers) & (numbers >= low)).all())


def _numbers(column: pa.ChunkedArray) -> Any:
    return column.to_numpy()


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
