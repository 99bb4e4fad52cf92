"""How much the learning rate matters: final cost and divergence along each optimizer's grid."""

import pandas as pd

from optlab.analysis.problem.seeds import GROUP


def sensitivity(settings: pd.DataFrame, best: pd.DataFrame) -> pd.DataFrame:
    """One row per problem, optimizer and learning rate, in the order of the rates.

    Where several settings share a rate (another option was swept as well), the best of them stands for it.
    Optimizers without a learning rate are left out.

    Args:
        settings: see `tuning.settings`.
        best: see `tuning.best_settings`.

    Returns:
        The columns of `tuning.settings` and `best`: whether the rate is that of the setting which was chosen.
    """
    table = settings.dropna(subset="lr").drop_duplicates([*GROUP, "lr"])
    chosen = best.set_index(GROUP)["lr"].reindex(pd.MultiIndex.from_frame(table[GROUP]))
    table = table.assign(best=table["lr"].to_numpy() == chosen.to_numpy())
    return table.sort_values([*GROUP, "lr"], ignore_index=True)
