"""The run that stands for an optimizer in a picture: not its luckiest one, but one in the middle."""

import pandas as pd

from optlab.analysis.choice.tuning import ranking_value
from optlab.analysis.problem.outcomes import outcomes


def representative(chosen: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Of the chosen runs, the one with the median `metric` for every problem and optimizer.

    Of an even number of runs it is the worse of the two in the middle, so that no picture shows the best of
    several runs.

    Returns:
        One row of `chosen` per problem and optimizer.
    """
    ordered = chosen.assign(order=ranking_value(outcomes(chosen, metric), metric))
    ordered = ordered.sort_values(["problem", "optimizer", "order", "seed"], kind="stable")
    groups = ordered.groupby(["problem", "optimizer"], sort=False)["order"]
    middle = groups.cumcount() == groups.transform("size") // 2
    return ordered[middle].drop(columns="order").reset_index(drop=True)
