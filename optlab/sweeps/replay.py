"""Replay: recorded runs are trained again, and compared with what their folder records."""

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.runs import build, identity
from optlab.runs.identity import Run
from optlab.runs.train import train_once
from optlab.store import provenance
from optlab.sweeps.final_costs import FinalCost
from optlab.sweeps.plan import Stack
from optlab.sweeps.recorded_stacks import RecordedStack
from optlab.training.history import History

STEPS = 100
"""Where bits cannot agree, so many first steps are compared: rounding grows from step to step."""

TOLERANCE = {"float64": 1e-9, "float32": 1e-3}
"""Relative difference of costs that rounding explains."""

COSTS = ("train_cost", "validation_cost", "test_cost")


class Verdict(NamedTuple):
    """What came of training a stack again."""

    stack: Stack
    mismatches: list[str]  # one line for each run that differs
    final_costs: tuple[FinalCost, ...] = ()  # of the others, where bits cannot agree


def verify(record: RecordedStack, exact: bool, trusted: Collection[str] = ()) -> Verdict:
    """Train a stack again and compare: bit for bit, or to the tolerance.

    Args:
        record: what the folder holds of the stack.
        exact: whether bits can agree.
        trusted: optimizers of other libraries (`optimizer.target`) that may be imported and run.

    Raises:
        UserError: its data cannot be loaded, its runs were drawn from other random streams, or it names an
            optimizer of another library that is not trusted.
        Exception: whatever the code of a rule or a schedule raises.
    """
    runs, mismatches, final_costs = record.stack.runs, list[str](), list[FinalCost]()
    _check_streams(record)
    _check_trust(record, trusted)
    history = train_once(runs, build.data(runs[0].config))
    if record.points is None:
        return Verdict(record.stack, [])  # it could not be trained then: there is nothing to compare it with
    for r, run in enumerate(runs):
        sha256 = build.facts(run.config).sha256
        if not identity.is_run_on(run, sha256):
            mismatches.append(f"{run.run_id}: its data or its configuration are not those it was trained on")
        elif not identity.has_source(run.run_id, run.config):
            mismatches.append(f"{run.run_id}: code that is not optlab's is not what it was trained with")
        elif run.run_id not in record.points:
            mismatches.append(f"{run.run_id}: has no trajectory")
        elif why := _difference(run, record.points[run.run_id], history, r, exact and record.is_complete):
            mismatches.append(f"{run.run_id}: {why}")
        elif not (exact and record.is_complete):
            final_costs.append(_final_cost(run, record.points[run.run_id], history, r))
    return Verdict(record.stack, mismatches, tuple(final_costs))


def _check_streams(record: RecordedStack) -> None:
    """Refuse a stack of an optlab with other random streams: its numbers cannot come out."""
    run, recorded = record.stack.runs[0], record.configs[0]
    if identity.is_of_earlier_streams(run, recorded, build.facts(run.config).sha256):
        raise UserError(
            f"run {run.run_id}: its random streams are those of an earlier optlab: other initial parameters, "
            "splits and batches come out now, which says nothing of the run; verify its folder with the "
            f"optlab that wrote it, whose version and commit stand in {provenance.NAME}"
        )


def _check_trust(record: RecordedStack, trusted: Collection[str]) -> None:
    """Nothing that a folder names is imported unless the user says so."""
    for run in record.stack.runs:
        target = run.config["optimizer"].get("target")
        if target is not None and target not in trusted:
            raise UserError(
                f"optimizer.target={target}: training run {run.run_id} again imports and runs what its "
                f"folder names; if you trust it, add --trust {target}"
            )


def _final_cost(run: Run, before: dict[str, Array], history: History, r: int) -> FinalCost:
    """The last recorded cost of a run, then and now."""
    optimizer, last = run.config["optimizer"], int(history.n_points[r]) - 1
    rate = optimizer.get("lr")
    return FinalCost(
        run.run_id,
        optimizer["name"] if rate is None else f"{optimizer['name']} at lr={rate}",
        int(history.step[last]),
        float(before["train_cost"][-1]),
        float(history.columns["train_cost"][last, r]),
        TOLERANCE[run.config["dtype"]],
    )


def differences(folder: Path) -> list[str]:
    """What is not as it was when the folder was written: versions, machine, code, one line each."""
    then = provenance.load(folder)
    if then is None:
        return [f"{folder / provenance.NAME} is missing or damaged: nothing is known of versions and machine"]
    now, lines = provenance.circumstances(), list[str]()
    for section, what in (("versions", "version of {}"), ("machine", "machine, {}"), ("git", "code, {}")):
        before, after = (part.get(section) or {} for part in (then, now))
        for key in dict.fromkeys([*before, *after]):
            if before.get(key) != after.get(key):
                lines.append(f"{what.format(key)}: {before.get(key)} then, {after.get(key)} now")
    return lines


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
