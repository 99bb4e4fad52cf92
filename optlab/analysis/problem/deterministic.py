"""Which runs the seed cannot change: of them one seed is worth as much as many."""

from functools import cache
from typing import Any

import pandas as pd

from optlab.analysis.problem.problems import configuration
from optlab.optimizers import REGISTRY


def deterministic(runs: pd.DataFrame) -> pd.Series:
    """(R,) whether every seed gives the same run.

    So it is where batches are the whole data, or in the order of the data, parameters start at zero or at a
    chosen point, no units are dropped, the method draws nothing, the data are split in one way only, and no
    clock has stopped the run.

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
    is_fixed = training.get("batch_size", 0) is None or training.get("sampling") == "fixed"
    is_chosen = model.get("init") == "zeros" or "start" in model
    section = config.get("optimizer")
    draws = isinstance(section, dict) and _draws(section.get("name"))
    return is_fixed and is_chosen and not model.get("dropout") and not draws


@cache
def _draws(optimizer: Any) -> bool:
    """Whether the method of that name draws numbers in its steps; one that is not known here does not."""
    return optimizer in REGISTRY.names() and REGISTRY.entry(optimizer).draws
