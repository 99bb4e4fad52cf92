"""Saturation and sparsity of the hidden layers while they learn, where they were recorded."""

import re
from functools import partial

import pandas as pd

from optlab.report import words
from optlab.report.drawing.illustration import FOLDERS, Illustration
from optlab.report.figures.convergence import convergence
from optlab.training.metrics import METRICS, Metric


def activities(runs: pd.DataFrame, trajectories: pd.DataFrame, metric: str) -> list[Illustration]:
    """A figure for every recorded column; none where `training.record_activations` was off."""
    found = [
        (layered, column)
        for layered in METRICS
        if layered.per_layer
        for column in trajectories
        if re.fullmatch(rf"{layered.name}_\d+", column) and trajectories[column].notna().any()
    ]
    return [_activity(layered, column, runs, trajectories, metric) for layered, column in found]


def _activity(
    layered: Metric, column: str, runs: pd.DataFrame, trajectories: pd.DataFrame, metric: str
) -> Illustration:
    what = words.metric(column)
    by = f', metric="{metric}"' if metric != "final_train_cost" else ""
    return Illustration(
        name=f"activity-{column}",
        family="learned",
        title=what[0].upper() + what[1:],
        caption=f"{what[0].upper()}{what[1:]}, over all training samples, against epochs, every optimizer at "
        f"its best setting. {layered.meaning} Lines are medians over the seeds, bands as in the "
        "figures of convergence.",
        draw=partial(convergence, runs, trajectories, "epoch", column, metric),
        code="import optlab\nfrom optlab.report.figures.convergence import convergence\n\n"
        f"results = optlab.load({FOLDERS})\n"
        f'convergence(results.runs, results.trajectories, axis="epoch", column="{column}"{by})'
        f'.savefig("{column}.pdf")',
    )
