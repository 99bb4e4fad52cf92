"""Training of one stack, from the configurations of its runs to its tables."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from optlab.datasets import Dataset
from optlab.runs.identity import Run, data_digest
from optlab.runs.train import train_once
from optlab.store import preparations, write
from optlab.sweeps.plan import Stack
from optlab.training.history import History
from optlab.training.loop import Progress


def train_repeated(runs: tuple[Run, ...], dataset: Dataset, progress: Progress | None = None) -> History:
    """The trajectories of runs, trained as often as `training.repetitions` says, after a warm-up.

    Their seconds are the medians. All repetitions have the same bits; one alone has no warm-up.
    """
    repetitions = runs[0].config["training"]["repetitions"]
    history = train_once(runs, dataset, progress)
    if repetitions == 1:
        return history
    seconds = np.array([train_once(runs, dataset, progress).seconds for _ in range(repetitions)])
    spread = float(np.ptp(seconds[:, -1]))
    return replace(history, seconds=np.median(seconds, axis=0), seconds_spread=spread)


def store_stack(stack: Stack, folder: Path, history: History, dataset: Dataset | None = None) -> None:
    """Write the tables of a stack; beside its parameters, if they were recorded, what rows need to be inputs.

    Raises:
        UserError: they cannot be written.
    """
    if history.parameters is not None and dataset is not None and dataset.preparation is not None:
        preparations.store(folder, data_digest(stack.runs[0].config), dataset.preparation.to_json())
    labels = [write.Label(run.run_id, run.config, run.overrides) for run in stack.runs]
    write.stack(folder, stack.stack_id, labels, history)


def last_cost(history: History) -> Any:
    """Final training cost (R,) of the runs; NaN where they diverged."""
    diverged = np.array([status == "diverged" for status in history.status])
    return np.where(diverged, np.nan, history.final("train_cost"))
