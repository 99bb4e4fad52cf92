"""Which runs the seed cannot change: of them one seed is worth as much as many."""

from typing import Any

import pandas as pd

from optlab.analysis.problem.problems import configuration


def deterministic(runs: pd.DataFrame) -> pd.Series:
    """(R,) whether every seed gives the same run.

    So it is where the whole data are in every batch, parameters start at zero or at a chosen point, no units
    are dropped, the data are split in one way only, and no clock has stopped the run.

    Args:
        runs: with their `problem` and `repetition`.
    """
    fixed = [_draws_nothing(configuration(text)) for text in runs["config"]]
    split = runs["repetition"].str.partition("/")[0]
    one_split = split.groupby(runs["problem"]).transform("nunique") == 1
    return pd.Series(fixed, runs.index, dtype=bool) & one_split & (runs["status"] != "timed_out")


def _draws_nothing(config: dict[str, Any]) -> bool:
    model, training = (config.get(name) for name in ("model", "training"))
    if not isinstance(model, dict) or not isinstance(training, dict):
        return False
    full_batch = "batch_size" in training and training["batch_size"] is None
    is_chosen = model.get("init") == "zeros" or "start" in model
    return full_batch and is_chosen and not model.get("dropout")
