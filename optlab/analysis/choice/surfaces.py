"""Two hyperparameters at once: the median outcome over a grid of an optimizer's options."""

import numpy as np
import pandas as pd

from optlab.analysis.choice.tuning import best_settings, loss
from optlab.analysis.problem.outcomes import diverged, outcomes
from optlab.analysis.problem.problems import configuration
from optlab.analysis.problem.seeds import GROUP, with_roles

COLUMNS = [*GROUP, "first", "second", "x", "y", "median", "diverged", "best"]


def surfaces(runs: pd.DataFrame, metric: str = "final_train_cost") -> pd.DataFrame:
    """One row per problem, optimizer and pair of values, for optimizers of which two numbers were swept.

    Where more than two were swept, the learning rate and the one with the most values are shown, each pair
    at the best of the others.

    Returns:
        ``problem optimizer first second x y median diverged best``: the names of the two options, their
        values, the median of `metric` over all repetitions, the share of diverged runs, and whether the
        setting is the one that the optimizer is judged by.
    """
    runs = with_roles(runs)
    graded = runs.assign(value=outcomes(runs, metric), diverged=diverged(runs).astype(float))
    table = graded.groupby([*GROUP, "setting"], sort=False).agg(
        config=("config", "first"), median=("value", "median"), diverged=("diverged", "mean")
    )
    table = table.reset_index()
    table["loss"] = loss(table["median"], metric)
    chosen = best_settings(runs, metric)[[*GROUP, "setting"]].assign(best=True)
    table = table.merge(chosen, how="left", on=[*GROUP, "setting"])
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
    found = settings.assign(first=names[0], second=names[1], x=options[names[0]], y=options[names[1]])
    found = found[np.isfinite(found["x"]) & np.isfinite(found["y"])]
    ordered = found.sort_values(["best", "diverged", "loss"], ascending=[False, True, True], kind="stable")
    return [ordered.drop_duplicates(["x", "y"]).sort_values(["x", "y"])]


def _numbers(config: str) -> dict[str, float]:
    section = configuration(config).get("optimizer")
    options = section.items() if isinstance(section, dict) else ()
    return {
        name: float(value)
        for name, value in options
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
