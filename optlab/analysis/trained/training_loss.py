"""The training cost without its penalty: what a test cost can be compared with."""

from typing import Any

import numpy as np
import pandas as pd

from optlab.analysis.problem.problems import configuration
from optlab.analysis.trained.rebuilt import rebuild
from optlab.core.errors import UserError
from optlab.objective.penalty import penalty_of
from optlab.store.read import Results
from optlab.training.l1_max import with_numbers


def training_loss(results: Results, runs: pd.DataFrame) -> pd.Series:
    """(R,) mean loss of every run on the training set, J less its penalty at the end of training.

    Validation and test costs hold no penalty and no class weights. NaN where J has a penalty and the
    parameters, which it is taken from, were not recorded, and where the classes were weighted.

    Args:
        results: with the recorded parameters, if there are any.
        runs: some of its runs, with the columns of `with_problems`.
    """
    return pd.Series([_loss(results, run) for _, run in runs.iterrows()], index=runs.index, dtype=float)


def _loss(results: Results, run: pd.Series) -> float:
    cost, model = float(run["final_train_cost"]), _section(run, "model")
    if model.get("class_weight") is not None:
        return np.nan
    try:
        penalty = penalty_of(model)
        if not penalty or not np.isfinite(cost):
            return cost
        trained = rebuild(results, run)
        penalty = with_numbers(penalty, trained.model, trained.dataset.train)
    except UserError:
        return np.nan
    return cost - float(penalty.restrict(trained.model.penalty_mask).value(trained.final)[0])


def _section(run: pd.Series, name: str) -> dict[str, Any]:
    section = configuration(run["config"]).get(name)
    return section if isinstance(section, dict) else {}
