"""Saturation and sparsity of the hidden layers while they learn, where they were recorded."""

import re
from functools import partial

import pandas as pd

from optlab.report import words
from optlab.report.drawing.illustration import FOLDERS, Illustration
from optlab.report.figures.convergence import convergence

COLUMN = re.compile(r"(saturation|sparsity)_\d+")

MEANING = {
    "saturation": "A unit is saturated on a sample if the slope of its activation is below 5 % of the "
    "largest there is: hardly any gradient passes it.",
    "sparsity": "A unit is silent on a sample if its activation is exactly zero.",
}


def activities(runs: pd.DataFrame, trajectories: pd.DataFrame, metric: str) -> list[Illustration]:
    """A figure for every recorded column; none where `training.record_activations` was off."""
    columns = [c for c in trajectories if COLUMN.fullmatch(c) and trajectories[c].notna().any()]
    return [_activity(column, runs, trajectories, metric) for column in sorted(columns, key=_place)]


def _place(column: str) -> tuple[str, int]:
    kind, layer = column.split("_")
    return kind, int(layer)


def _activity(column: str, runs: pd.DataFrame, trajectories: pd.DataFrame, metric: str) -> Illustration:
    what = words.metric(column)
    by = f', metric="{metric}"' if metric != "final_train_cost" else ""
    return Illustration(
        name=f"activity-{column}",
        family="learned",
        title=what[0].upper() + what[1:],
        caption=f"{what[0].upper()}{what[1:]}, over all training samples, against epochs, every optimizer at "
        f"its best setting. {MEANING[_place(column)[0]]} Lines are medians over the seeds, bands as in the "
        "figures of convergence.",
        draw=partial(convergence, runs, trajectories, "epoch", column, metric),
        code="import optlab\nfrom optlab.report.figures.convergence import convergence\n\n"
        f"results = optlab.load({FOLDERS})\n"
        f'convergence(results.runs, results.trajectories, axis="epoch", column="{column}"{by})'
        f'.savefig("{column}.pdf")',
    )
