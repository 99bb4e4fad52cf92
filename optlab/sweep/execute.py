"""Execution of a sweep: from canonical configurations to the tables of a result folder."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from optlab.schedules import REGISTRY as SCHEDULES
from optlab.store import provenance, tables
from optlab.sweep import plan
from optlab.sweep.plan import Limits, Run, Stack
from optlab.sweep.schema import Config
from optlab.sweep.watch import Silent, Watch
from optlab.train import Progress, Training, train


def execute(
    jobs: Iterable[tuple[Config, Sequence[str]]],
    folder: Path,
    limits: Limits,
    command: Sequence[str] = (),
    watch: Watch | None = None,
) -> list[str]:
    """Train what `folder` does not hold yet of a sweep.

    Everything that can be the user's mistake is found before the first step of training.

    Args:
        jobs: canonical configuration and overrides of every job.
        folder: the result folder.
        limits: of the size of a stack.
        command: the command line, for the record.
        watch: who is told how it goes on.

    Returns:
        The run id of every job, in the order of `jobs`.

    Raises:
        UserError: data that cannot be loaded, what cannot be trained, or a folder that cannot be written.
    """
    watch = watch or Silent()
    runs = plan.runs(jobs)
    distinct = {run.run_id: run for run in runs}
    planned = plan.stacks(distinct.values(), limits)
    tables.prepare(folder)
    present = tables.run_ids(folder)
    missing = [part for part in (_missing(stack, present) for stack in planned) if part]
    record = provenance.begin(folder, command, _checksums(distinct.values()))
    watch.begins(len(distinct), len(distinct.keys() & present), len(missing))
    try:
        for stack in missing:
            train_stack(stack, folder, watch)
    finally:
        provenance.end(folder, record)
    return [run.run_id for run in runs]


def train_stack(stack: Stack, folder: Path, watch: Watch) -> None:
    """Train one stack, alone, and store its tables: the task that a worker does."""
    from threadpoolctl import threadpool_limits

    config = stack.runs[0].config
    dataset = plan.data(config)
    schedule = config["schedule"]
    options = {key: value for key, value in schedule.items() if key != "name"}
    progress: Progress = lambda done, budget, cost: watch.advances(stack, done, budget, cost)  # noqa: E731
    with threadpool_limits(1, user_api="blas"):  # the bits must not depend on the number of threads
        history = train(
            plan.model(config, dataset),
            dataset,
            [plan.member(run.config) for run in stack.runs],
            Training(**config["training"]),
            SCHEDULES.get(schedule["name"])(**options),
            config["dtype"],
            progress,
        )
    labels = [tables.Label(run.run_id, run.config, run.overrides) for run in stack.runs]
    tables.write(folder, stack.stack_id, labels, history)
    watch.trained(stack, history.status, tables.final(history, "train_cost").tolist())


def _missing(stack: Stack, present: set[str]) -> Stack | None:
    """The runs of a stack that are not in the folder; all or none of them, unless the sweep has grown."""
    runs = [run for run in stack.runs if run.run_id not in present]
    if len(runs) == len(stack.runs):
        return stack
    return plan.stack_of(runs) if runs else None


def _checksums(runs: Iterable[Run]) -> dict[str, str]:
    return {run.config["dataset"]["name"]: plan.facts(run.config).sha256 for run in runs}
