"""The run to take home."""

import pandas as pd

from optlab.analysis.problem.outcomes import diverged
from optlab.analysis.study import Study
from optlab.core.errors import UserError
from optlab.training.metrics import higher_is_better

VALIDATION = "final_validation_cost"


def best_run(study: Study, problem: str | None = None) -> pd.Series:
    """A row of the study's runs, at the setting that the validation cost chooses, else at that of the leader.

    Of the runs at this setting that evaluate it, it is the best one: by the validation cost, without
    validation data by the metric.

    Args:
        study: with the problem.
        problem: its name or a part of it; None: there is one only.

    Raises:
        UserError: no such problem or several, or no run that has not diverged.
    """
    name = _problem(study, problem)
    first = study.validated[(study.validated["problem"] == name) & study.validated["first"].astype(bool)]
    if first.empty:
        leader = study.summary.loc[study.summary["problem"] == name, ["optimizer", "setting"]]
    else:
        leader = first[["optimizer", "setting"]]
    own = study.runs.merge(leader.head(1), on=["optimizer", "setting"])
    own = own[(own["problem"] == name) & own["evaluates"].astype(bool) & ~diverged(own)]
    if own.empty:
        raise UserError(f"problem={name}: every run of the best setting diverged; try smaller learning rates")
    metric = study.metric if first.empty else VALIDATION
    order = own[metric].astype(float) * (-1 if higher_is_better(metric) else 1)
    return own.loc[order.sort_values(kind="stable").index[0]]


def _problem(study: Study, problem: str | None) -> str:
    """The full name of a problem."""
    names = study.problems
    found = (
        names if problem is None else [n for n in names if n == problem] or [n for n in names if problem in n]
    )
    if len(found) != 1:
        asked = "several problems" if problem is None else f"problem={problem}: {len(found)} have that name"
        raise UserError(f"{asked}; name one of {'; '.join(names)}")
    return found[0]
