"""Ranks: the place of every optimizer on each problem and seed."""

import pandas as pd

from optlab.analysis.choice.tuning import at_best, loss
from optlab.analysis.problem.outcomes import outcomes


def ranks(runs: pd.DataFrame, metric: str = "final_train_cost") -> pd.DataFrame:
    """One row per problem, repetition and optimizer, each at its chosen setting.

    Only repetitions that all optimizers of a problem have seen count. Values that agree to nine digits share
    the better rank.

    Returns:
        ``problem repetition optimizer rank``.
    """
    chosen = at_best(runs, metric)
    chosen = chosen.assign(loss=loss(outcomes(chosen, metric), metric))
    parts = []
    for problem, part in chosen.groupby("problem"):
        losses = part.groupby(["repetition", "optimizer"])["loss"].median().unstack().dropna()
        places = losses.rank(axis="columns", method="min").astype(int)
        parts.append(places.stack().rename("rank").reset_index().assign(problem=problem))
    return pd.concat(parts, ignore_index=True)[["problem", "repetition", "optimizer", "rank"]]
