"""Which runs the seed cannot change: of them one seed is worth as much as many."""

import pandas as pd

from optlab.analysis.problem.problems import configuration
from optlab.runs.seeds import draws_nothing


def deterministic(runs: pd.DataFrame) -> pd.Series:
    """(R,) whether every seed gives the same run.

    So it is where batches are the whole data, or in the order of the data, parameters start at zero or at a
    chosen point, no units are dropped, the method draws nothing, the data are split in one way only, and no
    clock has stopped the run.

    Args:
        runs: with their `problem` and `repetition`.
    """
    fixed = [draws_nothing(configuration(text)) for text in runs["config"]]
    split = runs["repetition"].str.partition("/")[0]
    one_split = split.groupby(runs["problem"]).transform("nunique") == 1
    return pd.Series(fixed, runs.index, dtype=bool) & one_split & (runs["status"] != "timed_out")
