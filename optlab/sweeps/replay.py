"""Replay: recorded runs are trained again from what their folder records, and compared with it.

Nothing in the folder is trusted: a configuration must pass the schema, which knows no `_target_`, and
tables hold numbers and text only.
"""

import json
import random
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.runs import build, identity
from optlab.runs.identity import Run
from optlab.runs.schema import Config, Schema
from optlab.store import provenance, read
from optlab.sweeps.plan import Stack
from optlab.sweeps.train import train_once
from optlab.training.history import History

STEPS = 100
"""Where bits cannot agree, so many first steps are compared: rounding grows from step to step."""

TOLERANCE = {"float64": 1e-9, "float32": 1e-3}
"""Relative difference of costs that rounding explains."""

COSTS = ("train_cost", "validation_cost", "test_cost")


class Recorded(NamedTuple):
    """A stack as a folder records it."""

    stack: Stack
    configs: tuple[Config, ...]  # of its runs, as they are recorded: without options that came later
    points: dict[str, dict[str, Array]]  # by run: the columns of its trajectory
    whole: bool = True  # False: taken out of its stack, so that the last bits may differ


class Verdict(NamedTuple):
    """What came of training a stack again."""

    stack: Stack
    mismatches: list[str]  # one line for each run that differs


def recorded(folder: Path, runs: int | None = None, seed: int | None = None) -> Iterator[Recorded]:
    """The stacks of a folder; or so many of its runs, drawn at random, each alone.

    Raises:
        UserError: a damaged part, or a configuration that is none.
    """
    schema, drawn = Schema(), None
    parts = read.part_files(folder)
    if runs is not None:
        everything = [(part, row) for part in parts for row in range(read.table(part, ["run_id"]).num_rows)]
        chosen = random.Random(seed).sample(everything, min(runs, len(everything)))
        drawn = {part: sorted(row for other, row in chosen if other == part) for part, _ in chosen}
    for part in parts if drawn is None else sorted(drawn):
        rows = read.table(part, ["run_id", "stack_id", "stack_size", "config"]).to_pylist()
        points = _points(folder / "trajectories" / part.name)
        if drawn is None:
            groups = [list(group) for _, group in groupby(rows, itemgetter("stack_id"))]
        else:
            groups = [[rows[i]] for i in drawn[part]]
        for group in groups:
            configs = tuple(_config(row, part, schema) for row in group)
            made = tuple(
                Run(row["run_id"], schema.canonical(config))
                for row, config in zip(group, configs, strict=True)
            )
            whole = len(made) == group[0]["stack_size"]
            yield Recorded(Stack(group[0]["stack_id"], made), configs, points, whole)


def replayed(record: Recorded, exact: bool) -> Verdict:
    """Train a stack again and compare: bit for bit, or to the tolerance.

    Raises:
        UserError: its data cannot be loaded.
    """
    runs, mismatches = record.stack.runs, []
    history = train_once(runs, build.data(runs[0].config))
    for r, (run, config) in enumerate(zip(runs, record.configs, strict=True)):
        sha256 = build.facts(run.config).sha256
        if not identity.is_run_on(run, config, sha256):
            mismatches.append(f"{run.run_id}: its data or its configuration are not those it was trained on")
        elif not identity.has_source(run.run_id, run.config):
            mismatches.append(f"{run.run_id}: code that is not optlab's is not what it was trained with")
        elif run.run_id not in record.points:
            mismatches.append(f"{run.run_id}: has no trajectory")
        elif why := _difference(run, record.points[run.run_id], history, r, exact and record.whole):
            mismatches.append(f"{run.run_id}: {why}")
    return Verdict(record.stack, mismatches)


def differences(folder: Path) -> list[str]:
    """What is not as it was when the folder was written: versions, machine, code, one line each."""
    then = provenance.load(folder)
    if then is None:
        return [f"{folder / provenance.NAME} is missing: nothing is known of versions and machine"]
    now, found = provenance.circumstances(), []
    for section, what in (("versions", "version of {}"), ("machine", "machine, {}"), ("git", "code, {}")):
        before, after = (part.get(section) or {} for part in (then, now))
        for key in dict.fromkeys([*before, *after]):
            if before.get(key) != after.get(key):
                found.append(f"{what.format(key)}: {before.get(key)} then, {after.get(key)} now")
    return found


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


def _points(part: Path) -> dict[str, dict[str, Array]]:
    table = read.table(part)
    if lacking := {"run_id", "step", "train_cost"} - {*table.column_names}:
        raise read.Damaged(f"{part}: has no column {' and '.join(sorted(lacking))}")
    ids = np.array(table["run_id"].to_pylist())
    columns = {name: table[name].to_numpy() for name in table.column_names if name != "run_id"}
    return {str(i): {name: column[ids == i] for name, column in columns.items()} for i in np.unique(ids)}


def _difference(run: Run, before: dict[str, Array], history: History, r: int, exact: bool) -> str | None:
    """Where a trajectory first differs, in words; None if it agrees."""
    points = int(history.n_points[r])
    steps = history.step[:points]
    if run.config["training"]["max_seconds"] is not None:  # how far it came is the machine's doing
        points = min(points, len(before["step"]))
    elif exact and len(before["step"]) != points:
        return f"{len(before['step'])} points are recorded, {points} come out"
    if not exact:
        points = min(points, len(before["step"]), int(np.searchsorted(steps, STEPS, side="right")))
    if not np.array_equal(before["step"][:points], steps[:points]):
        return "other steps are recorded"
    rtol = 0.0 if exact else TOLERANCE[run.config["dtype"]]
    for name in history.columns if exact else COSTS:
        if name not in before:
            continue  # a metric that the folder was written without
        old, new = before[name][:points], history.columns[name][:points, r]
        same = np.isclose(old, new, rtol=rtol, atol=0.0, equal_nan=True)
        if not same.all():
            at = int(np.argmin(same))
            then, now = float(old[at]), float(new[at])
            return f"{name} at step {steps[at]} is {then!r} in the folder, and {now!r} comes out"
    return None
