"""Three rules of tuning: the documented defaults, one setting for all problems, a setting for each problem.

The first two are what a user gets who tunes nothing: AlgoPerf's self-tuning rule asks for no more (Dahl et
al. 2023, section 4). The one setting is never judged on the problems that it was chosen on.
"""

import numpy as np
import pandas as pd

from optlab.analysis.choice.tuning import SETTING
from optlab.analysis.problem.problems import configuration
from optlab.analysis.problem.seeds import GROUP
from optlab.core.errors import UserError
from optlab.core.options import without_defaults
from optlab.runs.schema import signatures

DEFAULT, SHARED, TUNED = "default", "shared", "tuned"
RULES = (DEFAULT, SHARED, TUNED)
COLUMNS = [*GROUP, "rule", "setting", "place", "factor"]
KEY = ["diverged", "ranking_value"]


def by_rule(
    runs: pd.DataFrame, best: pd.DataFrame, tuning: pd.DataFrame, evaluation: pd.DataFrame, is_cost: bool
) -> pd.DataFrame:
    """One row per problem, optimizer and rule that gives a setting which was run.

    Args:
        runs: all of them, with their configuration.
        best: see `tuning.best_settings`.
        tuning, evaluation: see `tuning.settings`, of the runs that tune and of those that evaluate.
        is_cost: whether the metric is a cost: only then there are factors.

    Returns:
        ``problem optimizer rule setting place factor``. `place` is 1 and the number of other optimizers that,
        tuned, are better; `factor` says how many times as high the median is as that of the same optimizer,
        tuned (of gaps where they rank; ∞ where runs diverged).
    """
    given = {DEFAULT: _defaults(runs), SHARED: _shared(tuning), TUNED: best[SETTING]}
    table = pd.concat([own[SETTING].assign(rule=rule) for rule, own in given.items()], ignore_index=True)
    table = table.merge(evaluation[[*SETTING, *KEY]], on=SETTING)
    tuned = table[table["rule"] == TUNED].set_index(GROUP)[KEY]
    places, factors = [], []
    for row in table.itertuples():
        others = tuned.loc[row.problem].drop(row.optimizer, errors="ignore")
        ahead = (others["diverged"] < row.diverged) | (
            (others["diverged"] == row.diverged) & (others["ranking_value"] < row.ranking_value)
        )
        places.append(1 + int(ahead.sum()))
        own = tuned.loc[(row.problem, row.optimizer)] if (row.problem, row.optimizer) in tuned.index else None
        factors.append(_factor(row.ranking_value, own) if is_cost else np.nan)
    table = table.assign(place=places, factor=factors)
    return table.sort_values(GROUP, kind="stable", ignore_index=True)[COLUMNS]


def means(table: pd.DataFrame) -> pd.DataFrame:
    """(optimizer, rule) mean `place` and geometric mean `factor` over the optimizer's problems.

    A rule counts for an optimizer if it gives a setting on each of its problems.
    """
    table = table.assign(log=np.log(table["factor"]))
    groups = table.groupby(["optimizer", "rule"], sort=False)
    found = groups.agg(place=("place", "mean"), log=("log", "mean"), problems=("problem", "nunique"))
    every = table.groupby("optimizer")["problem"].nunique().reindex(found.index.get_level_values(0))
    found = found[found["problems"].to_numpy() == every.to_numpy()]
    return found.assign(factor=np.exp(found["log"]))[["place", "factor"]]


def _factor(value: float, tuned: pd.Series | None) -> float:
    if tuned is None or not np.isfinite(tuned["ranking_value"]) or tuned["ranking_value"] <= 0:
        return np.nan
    return float(value / tuned["ranking_value"])


def _defaults(runs: pd.DataFrame) -> pd.DataFrame:
    """The settings whose options are all at the defaults of their optimizer."""
    settings = runs.drop_duplicates(SETTING)
    return settings[[_is_default(text) for text in settings["config"]]].drop_duplicates(GROUP)[SETTING]


def _is_default(text: str) -> bool:
    config = configuration(text)
    try:
        factories = signatures(config, "optimizer")
    except (UserError, KeyError, TypeError):
        return False  # a damaged configuration, or a method that is not installed
    return not without_defaults(config["optimizer"], *factories).keys() - {"name"}


def _shared(tuning: pd.DataFrame) -> pd.DataFrame:
    """For every problem and optimizer, the setting with the best mean rank on the others; then worst rank."""
    rows = []
    ordered = tuning.sort_values(KEY, kind="stable")
    ranks = ordered.assign(order=ordered.groupby(KEY, sort=True).ngroup())
    ranks["rank"] = ranks.groupby(GROUP)["order"].rank(method="average")
    for optimizer, part in ranks.groupby("optimizer", sort=False):
        wide = part.pivot(index="setting", columns="problem", values="rank").dropna()
        for problem in wide if wide.shape[1] > 1 and len(wide) else ():
            others = wide.drop(columns=problem)
            order = np.lexsort((others.max(axis="columns"), others.mean(axis="columns")))
            rows.append((problem, optimizer, wide.index[order[0]]))
    return pd.DataFrame(rows, columns=SETTING)
