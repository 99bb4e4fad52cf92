"""How much the learning rate matters: final cost and divergence along each optimizer's grid."""

import pandas as pd

from optlab.analysis.choice.tuning import GROUP, best_settings, settings


def sensitivity(runs: pd.DataFrame, metric: str = "final_train_cost") -> pd.DataFrame:
    """One row per problem, optimizer and learning rate, in the order of the rates.

    Where several settings share a rate (another option was swept as well), the best of them stands for it.
    Optimizers without a learning rate are left out.

    Returns:
        The columns of `tuning.settings` and `best`: whether the rate is that of the setting which was chosen.
    """
    table = settings(runs, metric).dropna(subset="lr")
    table = table.drop_duplicates([*GROUP, "lr"])
    chosen = best_settings(runs, metric).set_index(GROUP)["lr"]
    table["best"] = (
        table["lr"].to_numpy() == chosen.reindex(pd.MultiIndex.from_frame(table[GROUP])).to_numpy()
    )
    return table.sort_values([*GROUP, "lr"], ignore_index=True)
