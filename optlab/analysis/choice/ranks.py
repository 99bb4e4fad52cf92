"""Ranks: the place of every optimizer on each problem and seed."""

import pandas as pd

from optlab.analysis.choice.tuning import ranking_value
from optlab.analysis.problem.outcomes import outcomes


def ranks(chosen: pd.DataFrame, metric: str) -> pd.DataFrame:
    """One row per problem, repetition and optimizer of the chosen runs.

    Only problems with two optimizers count, and repetitions that all of a problem have seen. Values that
    agree to nine digits share the better rank.

    Returns:
        ``problem repetition optimizer rank``.
    """
    ranked = chosen.assign(value=ranking_value(outcomes(chosen, metric), metric))
    parts = []
    for problem, part in ranked.groupby("problem"):
        values = part.groupby(["repetition", "optimizer"])["value"].median().unstack().dropna()
        if values.shape[1] > 1:
            places = values.rank(axis="columns", method="min").astype(int)
            parts.append(places.stack().rename("rank").reset_index().assign(problem=problem))
    columns = ["problem", "repetition", "optimizer", "rank"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)
