"""The run that stands for an optimizer in a picture: not its luckiest one, but one in the middle."""

import pandas as pd

from optlab.analysis.choice.tuning import at_best, loss
from optlab.analysis.problem.outcomes import outcomes


def representative(runs: pd.DataFrame, metric: str = "final_train_cost") -> pd.DataFrame:
    """The run with the median `metric` for every problem and optimizer, at the setting that it is judged by.

    Of an even number of runs it is the worse of the two in the middle, so that no picture shows the best of
    several runs.

    Returns:
        One row of `runs` per problem and optimizer, with the columns of `seeds.with_roles`.
    """
    chosen = at_best(runs, metric)
    chosen = chosen.assign(order=loss(outcomes(chosen, metric), metric))
    chosen = chosen.sort_values(["problem", "optimizer", "order", "seed"], kind="stable")
    groups = chosen.groupby(["problem", "optimizer"], sort=False)["order"]
    middle = groups.cumcount() == groups.transform("size") // 2
    return chosen[middle].drop(columns="order").reset_index(drop=True)
