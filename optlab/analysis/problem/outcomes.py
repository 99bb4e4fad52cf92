"""What a run counts as: a diverged run has the worst outcome there is, not a missing one.

Dropping diverged runs before taking a median would make an optimizer look better the more often it fails.
"""

import numpy as np
import pandas as pd

from optlab.analysis.optimum.certificates import with_optimum
from optlab.analysis.problem.problems import configuration

FINALS = tuple(
    f"final_{part}_{what}" for part in ("train", "validation", "test") for what in ("cost", "accuracy")
)
METRICS = (*FINALS, "best_validation_cost", "final_gap")


def configured_metric(runs: pd.DataFrame) -> str:
    """The `objective_metric` of the configurations, if all runs agree on one; else the training cost."""
    named = {configuration(text).get("objective_metric") for text in runs["config"]}
    agreed = [metric for metric in METRICS if metric in named]
    return agreed[0] if len(agreed) == 1 else "final_train_cost"


def higher_is_better(metric: str) -> bool:
    """Whether `metric` is an accuracy; everything else is a cost."""
    return metric.endswith("accuracy")


def diverged(runs: pd.DataFrame) -> pd.Series:
    """(R,) whether a run diverged."""
    return runs["status"] == "diverged"


def outcomes(runs: pd.DataFrame, metric: str) -> pd.Series:
    """(R,) `metric` of every run; diverged runs count as cost ∞ or accuracy 0.

    A metric that no run of a problem has (no validation data, say) stays NaN.
    """
    if metric == "final_gap":
        runs = with_optimum(runs)
    values = pd.to_numeric(runs[metric], errors="coerce").astype(float)
    worst = 0.0 if higher_is_better(metric) else np.inf
    known = values.notna().groupby(runs["problem"]).transform("any") | (metric == "final_train_cost")
    return values.mask(diverged(runs) & known, worst)
