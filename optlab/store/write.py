"""Tables of a result folder, one part file per stack.

A part is written under a temporary name and renamed when it is whole. Trajectories and parameters come
first, runs last: a run that stands in the table of runs is complete.
"""

import json
import os
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.store.check import with_checksums
from optlab.store.columns import REAL, RUNS, SPREAD, TEXT, TRAJECTORIES
from optlab.training.history import History
from optlab.training.metrics import METRICS, RECORDED, Metric


class Label(NamedTuple):
    """What is known of a run before it is trained."""

    run_id: str
    config: dict[str, Any]
    overrides: Sequence[str] = ()


def prepare(folder: Path) -> None:
    """Make a result folder.

    Raises:
        UserError: the path is a file, or cannot be written, or holds results of a newer format.
    """
    from optlab.store import provenance

    provenance.check_format(folder)
    try:
        for table in ("runs", "trajectories"):
            (folder / table).mkdir(parents=True, exist_ok=True)
        trial = folder / f".trial-{os.getpid()}"
        trial.touch()
        trial.unlink()
    except OSError as error:
        raise unusable(folder, error) from error


def unusable(folder: Path, error: OSError) -> UserError:
    """The error for a result folder that cannot be written."""
    blocking = next((path for path in (folder, *folder.parents) if path.exists()), folder)
    reason = (
        f"{blocking} is a file" if blocking.is_file() else f"{error.strerror} ({error.filename or blocking})"
    )
    return UserError(
        f"result folder {folder}: {reason}; choose another with hydra.sweep.dir=DIR or hydra.run.dir=DIR"
    )


def stack(folder: Path, stack_id: str, labels: Sequence[Label], history: History) -> None:
    """Store the runs of a stack: their trajectories, their parameters if they were recorded, then the runs.

    Args:
        folder: a result folder that `prepare` has seen.
        stack_id: name of the part files.
        labels: the runs, in the order of `history`.

    Raises:
        UserError: a file cannot be written; nothing of this stack is left in the table of runs.
    """
    try:
        _write(folder, stack_id, labels, history)
    except OSError as error:
        raise unusable(folder, error) from error


def _write(folder: Path, stack_id: str, labels: Sequence[Label], history: History) -> None:
    name = f"{stack_id}.parquet"
    write_atomically(folder / "trajectories" / name, parquet(_trajectories(labels, history)))
    if history.parameters is not None:
        (folder / "parameters").mkdir(exist_ok=True)
        arrays = _parameters(labels, history)
        write_atomically(folder / "parameters" / f"{stack_id}.npz", lambda file: np.savez(file, **arrays))
    write_atomically(folder / "runs" / name, parquet(_runs(stack_id, labels, history)))


def _runs(stack_id: str, labels: Sequence[Label], history: History) -> pa.Table:
    configs = [label.config for label in labels]
    last = history.n_points - 1
    columns = {
        "run_id": [label.run_id for label in labels],
        "dataset": [config["dataset"]["name"] for config in configs],
        "model": [config["model"]["name"] for config in configs],
        "optimizer": [config["optimizer"]["name"] for config in configs],
        "lr": history.lr,
        "seed": [config["seed"] for config in configs],
        "batch_size": [config["training"]["batch_size"] for config in configs],
        "status": history.status,
        "steps": history.step[last],
        "epochs": history.epoch[last],
        **{f"final_{name}": history.final(name) for name in FINAL_METRICS if name in history.columns},
        **{f"best_{metric.name}": _best(history, metric) for metric in METRICS if metric.best},
        "seconds": history.seconds[last],
        "stack_id": [stack_id] * len(labels),
        "stack_size": [len(labels)] * len(labels),
        "overrides": [shlex.join(label.overrides) for label in labels],
        "config": [json.dumps(config) for config in configs],
    }
    if history.seconds_spread is not None:
        columns[SPREAD] = [history.seconds_spread] * len(labels)
    beside = [(name, REAL) for name in columns if name not in RUNS.names]
    return pa.table(columns, schema=pa.schema([*RUNS, *beside]))


FINAL_METRICS = tuple(metric.name for metric in METRICS if metric.final)


def _best(history: History, metric: Metric) -> Array:
    """The best value (R,) of all recorded points; NaN where none is finite."""
    better = np.fmax if metric.higher_is_better else np.fmin
    best: Array = better.reduce(history.columns[metric.name], axis=0)
    return np.where(np.isfinite(best), best, np.nan)


def _trajectories(labels: Sequence[Label], history: History) -> pa.Table:
    run, point = np.nonzero(np.arange(len(history.step)) < history.n_points[:, None])
    ids = pa.DictionaryArray.from_arrays(pa.array(run), pa.array([label.run_id for label in labels]))
    columns = {
        "run_id": ids.cast(TEXT),
        "step": history.step[point],
        "epoch": history.epoch[point],
        "seconds": history.seconds[point],
        **{name: values[point, run] for name, values in history.columns.items()},
    }
    per_layer = [(name, REAL) for name in history.columns if name not in RECORDED]
    return pa.table(columns, schema=pa.schema([*TRAJECTORIES, *per_layer]))


def _parameters(labels: Sequence[Label], history: History) -> dict[str, Any]:
    assert history.parameters is not None
    run_ids = np.array([label.run_id for label in labels])
    arrays: dict[str, Any] = {"run_id": run_ids, "parameters": history.parameters}
    if history.parameters.ndim == 3:
        arrays["step"] = history.step
    return arrays


def parquet(table: pa.Table) -> Callable[[Any], None]:
    """What writes a table into an open file."""
    checked = with_checksums(table)
    return lambda file: pq.write_table(checked, file, compression="zstd", write_page_checksum=True)


def write_atomically(path: Path, write_to: Callable[[Any], None]) -> None:
    """Write a file under a temporary name in its folder and rename it when it is whole."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as file:
            write_to(file)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
