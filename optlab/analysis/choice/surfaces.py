"""Two hyperparameters at once: the median outcome over a grid of an optimizer's options."""

import numpy as np
import pandas as pd

from optlab.analysis.choice.tuning import SETTING
from optlab.analysis.problem.problems import configuration
from optlab.analysis.problem.seeds import GROUP

COLUMNS = [*GROUP, "first", "second", "x", "y", "median", "diverged", "best"]


def surfaces(runs: pd.DataFrame, settings: pd.DataFrame, best: pd.DataFrame) -> pd.DataFrame:
    """One row per problem, optimizer and pair of values, for optimizers of which two numbers were swept.

    Where more than two were swept, the learning rate and the one with the most values are shown, each pair
    at the best of the others.

    Args:
        runs: with their configuration, from which the numbers are read.
        settings: see `tuning.settings`, the best of an optimizer first.
        best: see `tuning.best_settings`.

    Returns:
        ``problem optimizer first second x y median diverged best``: the names of the two options, their
        values, the median of the metric over all repetitions, the share of diverged runs, and whether the
        setting is the one that the optimizer is judged by.
    """
    configs = runs.groupby(SETTING, sort=False)["config"].first().reset_index()
    table = settings.merge(configs, on=SETTING).merge(best[SETTING].assign(best=True), "left", SETTING)
    table["best"] = table["best"].eq(True)
    parts = [part for _, group in table.groupby(GROUP, sort=True) for part in _surface(group)]
    return pd.concat(parts, ignore_index=True)[COLUMNS] if parts else pd.DataFrame(columns=COLUMNS)


def _surface(settings: pd.DataFrame) -> list[pd.DataFrame]:
    """The settings of one optimizer on one problem as a surface; none if fewer than two numbers vary."""
    options = pd.DataFrame([_numbers(text) for text in settings["config"]], index=settings.index)
    counts = options.nunique()
    varying = counts[counts > 1].sort_values(ascending=False, kind="stable").index
    names = sorted(varying, key=lambda name: name != "lr")[:2]
    if len(names) < 2:
        return []
    points = settings.assign(first=names[0], second=names[1], x=options[names[0]], y=options[names[1]])
    points = points[np.isfinite(points["x"]) & np.isfinite(points["y"])]
    ordered = points.sort_values("best", ascending=False, kind="stable")  # behind it, the better ones first
    return [ordered.drop_duplicates(["x", "y"]).sort_values(["x", "y"])]


def _numbers(config: str) -> dict[str, float]:
    section = configuration(config).get("optimizer")
    options = section.items() if isinstance(section, dict) else ()
    return {
        name: float(value)
        for name, value in options
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
