"""Execution of a sweep: from canonical configurations to the tables of a result folder."""

from collections.abc import Container, Iterable, Sequence
from pathlib import Path

from optlab import optimizers
from optlab.core.errors import Incomplete, UserError
from optlab.core.failure import BrokenCode, failure_of, short_path
from optlab.runs import build
from optlab.runs.identity import Run
from optlab.runs.schema import Config
from optlab.runs.seeds import idle_seeds
from optlab.store import provenance, repair, write
from optlab.store.lock import lock
from optlab.sweeps import notes, plan
from optlab.sweeps.failure_log import FailureLog
from optlab.sweeps.listener import ProgressListener, Silent
from optlab.sweeps.plan import Limits, Stack
from optlab.sweeps.present import present
from optlab.sweeps.retry import Failed
from optlab.sweeps.workers import Workers, train_all
from optlab.training.contract import check_quickly


def execute(
    jobs: Iterable[tuple[Config, Sequence[str]]],
    folder: Path,
    limits: Limits,
    command: Sequence[str] = (),
    listener: ProgressListener | None = None,
    workers: Workers | None = None,
) -> list[str]:
    """Train what `folder` does not hold yet of a sweep.

    Everything that can be the user's mistake is found before the first step of training.

    Args:
        jobs: canonical configuration and overrides of every job.
        folder: the result folder.
        limits: of the size of a stack.
        command: the command line, for the record.
        listener: who is told how it goes on.
        workers: who trains; this process alone if nobody is names.

    Returns:
        The id of every job's run, in the order of `jobs`.

    Raises:
        UserError: data that cannot be loaded, what cannot be trained or timed, a folder that cannot be
            written, is in use or holds runs of other random streams, or workers that cannot be had.
        Incomplete: runs that could not be trained.
    """
    listener = listener or Silent()
    runs = _plan_runs(jobs, folder)
    distinct = {run.run_id: run for run in runs}
    planned = plan.stacks(distinct.values(), limits)
    workers = workers or Workers(n_jobs=1)
    _check_timing(planned, workers)
    write.prepare(folder)
    with lock(folder):
        repair.tidy(folder)
        notes.tidy(folder)
        for damage in repair.set_damaged_aside(folder):
            listener.on_message(f"{damage}; its runs count as missing")
        held = present(folder, distinct.values())
        missing = [part for part in (_missing(stack, held) for stack in planned) if part]
        _check_rules(missing)
        if missing:
            backend = workers.make_backend()
            backend.check_package()
            backend.check_address()
        record = provenance.begin(folder, command, _checksums(distinct.values()))
        for note in _notes(distinct.values()):
            listener.on_message(note)
        listener.on_begin(len(distinct), len(held), len(missing))
        try:
            log = FailureLog(folder)
            failed = train_all(missing, folder, workers, listener, log)
        finally:
            provenance.end(folder, record)
    if failed:
        tracebacks = f"; tracebacks in {short_path(log.path)}" if log.tracebacks else ""
        raise Incomplete(f"{_summary(failed)}{tracebacks}", log.tracebacks)
    return [run.run_id for run in runs]


def _plan_runs(jobs: Iterable[tuple[Config, Sequence[str]]], folder: Path) -> list[Run]:
    """The runs of a sweep; what is wrong with a user's data set or model is logged in the result folder."""
    try:
        return plan.runs(jobs)
    except BrokenCode as error:
        log = FailureLog(folder)
        log.add((), failure_of(error))
        raise BrokenCode(f"{error}; traceback in {short_path(log.path)}", error.traceback) from error


def _check_rules(stacks: Iterable[Stack]) -> None:
    """Refuse rules of the user's that break what a stack rests on, see `contract.check_quickly`."""
    names = {run.config["optimizer"]["name"] for stack in stacks for run in stack.runs}
    for entry in map(optimizers.REGISTRY.entry, sorted(names)):
        if not entry.is_own:
            check_quickly(entry)


def _check_timing(stacks: Iterable[Stack], workers: Workers) -> None:
    """Refuse to repeat, for the sake of its seconds, what is not trained alone."""
    for stack in stacks:
        training = stack.runs[0].config["training"]
        setting = f"training.repetitions={training['repetitions']}"
        if training["repetitions"] > 1 and (len(stack.runs) > 1 or workers.n_jobs != 1):
            raise UserError(
                f"{setting}: seconds are those of a run only where it is trained alone; set "
                "hydra.launcher.max_stack=1 hydra.launcher.n_jobs=1, or training.repetitions=1"
            )
        if training["repetitions"] > 1 and training["max_seconds"] is not None:
            raise UserError(
                f"{setting} training.max_seconds={training['max_seconds']}: repetitions would end at "
                "different steps; set one of the two to its default, 1 or null"
            )


def _missing(stack: Stack, held: Container[str]) -> Stack | None:
    """The runs of a stack that are not in the folder; all or none of them, unless the sweep has grown."""
    runs = [run for run in stack.runs if run.run_id not in held]
    if len(runs) == len(stack.runs):
        return stack
    return plan.stack_of(runs) if runs else None


def _summary(failed: Sequence[Failed]) -> str:
    """Failed runs by name, the first few."""
    runs = f"{len(failed)} run{'s' * (len(failed) != 1)} could not be trained"
    names = [f"{run.label} ({failure.line})" for run, failure in failed[:3]]
    return f"{runs}: {'; '.join(names)}" + (f"; and {len(failed) - 3} more" if len(failed) > 3 else "")


def _notes(runs: Iterable[Run]) -> list[str]:
    """What was taken for what in the user's files, and which seeds decide nothing."""
    runs = list(runs)
    read = dict.fromkeys(note for run in runs for note in build.facts(run.config).notes)
    return [*read, *filter(None, [idle_seeds(run.config for run in runs)])]


def _checksums(runs: Iterable[Run]) -> dict[str, str]:
    return {run.config["dataset"]["name"]: build.facts(run.config).sha256 for run in runs}
