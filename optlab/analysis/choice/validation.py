"""What the validation cost would choose: a setting that minimises the training cost may overfit.

Optimizers are judged by how far they minimise the training cost. Who takes a model home wants the setting
with the lowest validation cost, which may be another one.
"""

import numpy as np
import pandas as pd

from optlab.analysis.choice.tuning import SETTING, settings
from optlab.analysis.problem.seeds import GROUP

CHOOSER = "final_validation_cost"
PARTED = 0.1
"""Relative difference between validation costs from which on two settings part."""
COLUMNS = [*GROUP, "setting", "cost", "chosen", "chosen_cost", "parted", "first"]


def validated(runs: pd.DataFrame, best: pd.DataFrame, metric: str) -> pd.DataFrame:
    """One row per problem and optimizer, for problems with validation data, unless `metric` is of these.

    Settings are chosen on the tuning seeds, among those that were run for the evaluation too; costs are
    medians over the evaluation seeds.

    Args:
        runs: with their roles.
        best: see `tuning.best_settings`.
        metric: what settings were chosen by.

    Returns:
        ``problem optimizer setting cost chosen chosen_cost parted first``: the setting that the validation
        cost chooses and its cost, the setting that the optimizer is judged at and its validation cost,
        whether the second is more than 10 % above the first, and whether the validation cost chooses this
        optimizer of all.
    """
    if "validation" in metric or runs[CHOOSER].isna().all():
        return pd.DataFrame(columns=COLUMNS)
    tuning, evaluation = (settings(runs[runs[role]], CHOOSER) for role in ("tunes", "evaluates"))
    judged = evaluation.set_index(SETTING)["median"]
    tuning = tuning.assign(cost=judged.reindex(pd.MultiIndex.from_frame(tuning[SETTING])).to_numpy(float))
    tuning = tuning[tuning["cost"].notna() & np.isfinite(tuning["ranking_value"])]
    table = tuning.drop_duplicates(GROUP).merge(best[SETTING], on=GROUP, suffixes=("", "_best"))
    table = table.rename(columns={"setting_best": "chosen"})
    keys = pd.MultiIndex.from_frame(table[[*GROUP, "chosen"]], names=SETTING)
    table["chosen_cost"] = judged.reindex(keys).to_numpy(float)
    excess = table["chosen_cost"] - table["cost"]
    table["parted"] = (table["setting"] != table["chosen"]) & (excess > PARTED * table["cost"].abs())
    ordered = table.sort_values(["diverged", "ranking_value", "reached"], kind="stable")
    table["first"] = table.index.isin(ordered.drop_duplicates("problem").index)
    return table[COLUMNS]


def choices(table: pd.DataFrame) -> pd.DataFrame:
    """``problem optimizer validation_setting lowest_validation_cost`` of `validated`, for a summary."""
    names = {"setting": "validation_setting", "cost": "lowest_validation_cost"}
    return table[[*GROUP, *names]].rename(columns=names)
