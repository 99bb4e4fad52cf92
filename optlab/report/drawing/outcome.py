"""The metric as figures show it: a training cost whose minimum is known, as its distance to that minimum."""

import pandas as pd

from optlab.analysis.study import Study
from optlab.report import words

COST, GAP = "final_train_cost", "final_gap"


def column(study: Study, problem: str) -> str:
    """The column of the runs that is shown for the metric on a problem."""
    return GAP if study.metric == COST and problem in study.by_gap.problems else study.metric


def label(study: Study, problem: str) -> str:
    """The name of an axis: ``gap J − J*``, ``test accuracy``."""
    return words.label(column(study, problem))


def name(study: Study) -> str:
    """What a caption calls it: ``final gap J − J*`` where the minimum is known of every problem."""
    columns = {column(study, problem) for problem in study.problems}
    return words.metric(columns.pop() if len(columns) == 1 else study.metric)


def table(study: Study, name: str) -> pd.DataFrame:
    """A table of a study by its name, such as ``sensitivity``, with gaps where they are shown."""
    own: pd.DataFrame = getattr(study, name)
    if study.metric != COST or not study.by_gap.problems:
        return own
    gaps = getattr(study.by_gap, name)
    return pd.concat([own[~own["problem"].isin(study.by_gap.problems)], gaps], ignore_index=True)
