"""Stacks and runs as a folder records them, to be trained again.

Nothing in the folder is trusted: a configuration must pass the schema, which knows no `_target_`, and
tables and logs hold numbers and text only.
"""

import json
import random
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.runs.identity import Run
from optlab.runs.schema import Config, Schema
from optlab.store import read
from optlab.sweeps import cost, failure_log
from optlab.sweeps.plan import Stack, stack_of

COLUMNS = ["run_id", "stack_id", "stack_size", "config"]


class RecordedStack(NamedTuple):
    """A stack as a folder records it."""

    stack: Stack
    configs: tuple[Config, ...]  # of its runs, as they are recorded: without options that came later
    points: dict[str, dict[str, Array]] | None  # by run: columns of its trajectory; None: it was not trained
    is_complete: bool = True  # False: taken out of its stack, so that the last bits may differ


def recorded_stacks(folder: Path) -> Iterator[RecordedStack]:
    """The stacks of a folder.

    Raises:
        UserError: a damaged part, or a configuration that is none.
    """
    schema = Schema()
    for part in read.part_files(folder):
        rows, points = _rows_and_points(folder, part)
        for _, group in groupby(rows, itemgetter("stack_id")):
            yield _stack(list(group), points, part, schema)


def random_runs(folder: Path, count: int, seed: int | None = None) -> Iterator[RecordedStack]:
    """So many runs of a folder, drawn at random, each alone.

    Raises:
        UserError: see `recorded_stacks`.
    """
    places = [
        (part, row)
        for part in read.part_files(folder)
        for row in range(read.table(part, ["run_id"]).num_rows)
    ]
    chosen = sorted(random.Random(seed).sample(places, min(count, len(places))))
    schema = Schema()
    for part, drawn in groupby(chosen, itemgetter(0)):
        rows, points = _rows_and_points(folder, part)
        for _, row in drawn:
            yield _stack([rows[row]], points, part, schema)


def seconds(stacks: Iterable[RecordedStack]) -> float:
    """How long it takes to train these again, estimated from their configurations."""
    return sum(cost.stack_seconds(record.stack.runs) for record in stacks)


def find_run(folder: Path, prefix: str) -> tuple[Path, RecordedStack]:
    """The run at or below a folder whose id begins so, alone, and the folder that records it.

    One that could not be trained is found in the log of failures.

    Raises:
        UserError: no such run, several, or see `recorded_stacks`.
    """
    places = {
        run_id: part
        for part in sorted(folder.rglob("runs/[!.]*.parquet"))
        for run_id in read.table(part, ["run_id"])["run_id"].to_pylist()
    }
    failed = {
        run_id: (log, config)
        for log in sorted(folder.rglob(failure_log.NAME))
        for run_id, config in failure_log.failed_runs(log).items()
    }
    if not failed:
        read.result_folders(folder)  # refuses a folder that holds nothing
    run_id, schema = _only(prefix, [*places, *failed], folder), Schema()
    if run_id not in places:
        log, text = failed[run_id]
        config = _config({"run_id": run_id, "config": text}, log, schema)
        return log.parent, RecordedStack(stack_of([Run(run_id, schema.canonical(config))]), (config,), None)
    part = places[run_id]
    rows, points = _rows_and_points(part.parent.parent, part)
    [row] = [row for row in rows if row["run_id"] == run_id]
    return part.parent.parent, _stack([row], points, part, schema)


def _only(prefix: str, run_ids: Iterable[str], folder: Path) -> str:
    """The one id that begins so; or is just this, where another goes on."""
    known = sorted({*run_ids})
    matches = [prefix] if prefix in known else [run_id for run_id in known if run_id.startswith(prefix)]
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise UserError(
            f"--run={prefix}: {len(matches)} runs begin so, such as {matches[0]} and {matches[1]}; give more "
            "digits"
        )
    nearest = get_close_matches(prefix, known, n=1, cutoff=0.0)
    hint = f"did you mean {nearest[0]}? " if nearest else ""
    raise UserError(f"--run={prefix}: {folder} has no such run; {hint}ids stand in its runs/*.parquet")


def _stack(
    rows: list[dict[str, Any]], points: dict[str, dict[str, Array]], part: Path, schema: Schema
) -> RecordedStack:
    configs = tuple(_config(row, part, schema) for row in rows)
    runs = [Run(row["run_id"], schema.canonical(config)) for row, config in zip(rows, configs, strict=True)]
    is_complete = len(runs) == rows[0]["stack_size"]
    return RecordedStack(Stack(rows[0]["stack_id"], tuple(runs)), configs, points, is_complete)


def _config(row: dict[str, Any], part: Path, schema: Schema) -> Config:
    """The configuration of a run as it is recorded, if it is valid."""
    try:
        config = json.loads(row["config"])
        if not isinstance(config, dict):
            raise ValueError("it is no mapping")
        schema.canonical(config)
        return config
    except (UserError, ValueError, TypeError) as error:
        raise UserError(
            f"{part}: the configuration of run {row['run_id']} cannot be trained ({error}); name a folder "
            "that this optlab has written, and install the packages whose optimizers or data it uses"
        ) from error


def _rows_and_points(folder: Path, part: Path) -> tuple[list[dict[str, Any]], dict[str, dict[str, Array]]]:
    """The runs of a part; and by run the columns of its trajectory."""
    runs, points = read.stack(folder, part)
    ids = np.array(points["run_id"].to_pylist())
    columns = {name: points[name].to_numpy() for name in points.column_names if name != "run_id"}
    by_run = {str(i): {name: column[ids == i] for name, column in columns.items()} for i in np.unique(ids)}
    return runs.select(COLUMNS).to_pylist(), by_run
