"""The metric as figures show it: a training cost whose minimum is known, as its distance to that minimum."""

import pandas as pd

from optlab.analysis.optimum.certificates import gap
from optlab.analysis.study import Study
from optlab.report import words

COST, GAP = "final_train_cost", "final_gap"


def column(study: Study, problem: str) -> str:
    """The column of the runs that is shown for the metric on a problem."""
    return GAP if study.metric == COST and problem in _minima(study).index else study.metric


def label(study: Study, problem: str) -> str:
    """The name of an axis: ``gap J − J*``, ``test accuracy``."""
    return words.label(column(study, problem))


def name(study: Study) -> str:
    """What a caption calls it: ``final gap J − J*`` where the minimum is known of every problem."""
    columns = {column(study, problem) for problem in study.problems}
    return words.metric(columns.pop() if len(columns) == 1 else study.metric)


def as_gaps(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """A table with ``problem median low high`` of the metric, the costs of known minima as gaps."""
    if study.metric != COST:
        return table
    minima = _minima(study).reindex(table["problem"])
    optimum, least = minima["optimum"].to_numpy(), minima["least_gap"].to_numpy()
    known = ~pd.isna(optimum)
    ends = [end for end in ("median", "low", "high") if end in table]
    return table.assign(
        **{end: table[end].astype(float).where(~known, gap(table[end], optimum, least)) for end in ends}
    )


def _minima(study: Study) -> pd.DataFrame:
    """``optimum least_gap`` of the problems that have one minimum for all their runs."""
    runs = study.runs[["problem", "optimum", "least_gap"]].astype({"optimum": float, "least_gap": float})
    groups = runs.groupby("problem")
    single = (groups["optimum"].nunique() == 1) & groups["optimum"].apply(lambda values: values.notna().all())
    return groups.first()[single]
