"""What a run counts as: a diverged run has the worst outcome there is, not a missing one.

Dropping diverged runs before taking a median would make an optimizer look better the more often it fails.
"""

import math

import pandas as pd

from optlab.analysis.problem.problems import configuration
from optlab.training.metrics import OUTCOMES, worst

GAP, COST = "final_gap", "final_train_cost"
METRICS = (*OUTCOMES, GAP)


def configured_metric(runs: pd.DataFrame) -> str:
    """The `objective_metric` of the configurations, if all runs agree on one; else the training cost."""
    configured = {configuration(text).get("objective_metric") for text in runs["config"]}
    agreed = [metric for metric in METRICS if metric in configured]
    return agreed[0] if len(agreed) == 1 else COST


def diverged(runs: pd.DataFrame) -> pd.Series:
    """(R,) whether a run diverged."""
    return runs["status"] == "diverged"


def worse(runs: pd.DataFrame) -> pd.Series:
    """(R,) whether a run ended above its start without diverging: it is worse than no training."""
    return runs["status"] == "worse"


def outcomes(runs: pd.DataFrame, metric: str) -> pd.Series:
    """(R,) `metric` of every run; diverged runs count as cost ∞ or accuracy 0.

    A metric that no run of a problem has (no validation data, say) stays NaN; tables may lack its column.
    """
    known = runs[metric] if metric in runs else pd.Series(math.nan, runs.index)
    values = pd.to_numeric(known, errors="coerce").astype(float)
    measured = values.notna().groupby(runs["problem"]).transform("any") | (metric == COST)
    return values.mask(diverged(runs) & measured, worst(metric))


def graded_outcomes(runs: pd.DataFrame, metric: str) -> pd.Series:
    """(R,) what orders runs by `metric`: of a training cost, the gap in problems whose minimum is known.

    Gaps within the certificate are equal (see `certificates.with_optimum`); costs would hide most of their
    digits.
    """
    values = outcomes(runs, metric)
    if metric != COST:
        return values
    known = (runs[GAP].notna() | diverged(runs)).groupby(runs["problem"]).transform("all")
    return values.mask(known, outcomes(runs, GAP))
