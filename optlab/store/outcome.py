"""What a run is worth to a sweeper: one number per run."""

import math
from collections.abc import Iterable
from pathlib import Path

from optlab.store import read
from optlab.training.metrics import worst


def objectives(folder: Path, metrics: Iterable[str]) -> dict[str, dict[str, float]]:
    """For every metric (a column of `runs`), its value by run id.

    A diverged run is worth the worst there is, cost ∞ or accuracy 0, so that a sweeper turns away from it.
    NaN where a metric is not available.
    """
    found: dict[str, dict[str, float]] = {metric: {} for metric in metrics}
    for part in read.part_files(folder):
        table = read.table(part, ["run_id", "status", *found]).to_pydict()
        for metric, values in found.items():
            for run_id, status, value in zip(table["run_id"], table["status"], table[metric], strict=True):
                values[run_id] = (
                    worst(metric) if status == "diverged" else math.nan if value is None else value
                )
    return found
