"""A trained model to take home: it predicts from rows as people write them.

Parameters and preparation come from the result folder. Where the parameters were not recorded, the run is
trained again, alone, from what the folder records: its numbers agree to rounding.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np
import pandas as pd

from optlab.analysis.problem.problems import configuration
from optlab.analysis.trained.estimator import estimator
from optlab.analysis.trained.predictor import Predictor
from optlab.analysis.trained.rebuilt import end_row, recorded
from optlab.analysis.trained.scores import scores
from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.datasets import Dataset
from optlab.datasets.preparation import Preparation
from optlab.runs import build
from optlab.runs.identity import Run, data_digest
from optlab.runs.recorded_data import recorded_model
from optlab.runs.schema import Schema
from optlab.runs.train import train_once
from optlab.store import preparations
from optlab.store.read import Results

if TYPE_CHECKING:
    from sklearn.base import BaseEstimator


class TrainedModel(Predictor):
    """A model as a run left it, to take home."""

    def to_sklearn(self) -> "BaseEstimator":
        """An estimator of scikit-learn that predicts the same from `features`.

        Raises:
            UserError: there is none that equals the model.
        """
        made: BaseEstimator = estimator(self)
        return made


def trained_model(results: Results, run_id: str) -> TrainedModel:
    """The model of a run, whose id may be shortened.

    Raises:
        UserError: no such run, or several; or its data, which are needed where parameters were not recorded,
            are not on this machine.
    """
    run = run_of(results, run_id)
    record = configuration(run["config"])
    config, run_id = Schema().canonical(record), str(run["run_id"])
    preparation = _stored(results, record) if recorded(run) else None
    if preparation is not None:
        model, w = build.model(config, preparation), _recorded_parameters(results, run, config)
    else:
        dataset, model = recorded_model(record, run_id)
        preparation = dataset.preparation
        if preparation is None:
            raise UserError(f"run {run_id}: nothing is known of how rows of {dataset.name} become inputs")
        w = _recorded_parameters(results, run, config) if recorded(run) else _trained(run_id, config, dataset)
    if w.shape != (model.n_parameters,):
        raise UserError(f"run {run_id}: its recorded parameters do not fit its model; train it again")
    if not np.isfinite(w).all():
        raise UserError(f"run {run_id}: it diverged, so there is no model; choose another run")
    return TrainedModel(run_id, config, model, w, preparation)


def _trained(run_id: str, config: dict[str, Any], dataset: Dataset) -> Array:
    """The parameters (P,) of a run that is trained again, alone."""
    training = {**config["training"], "record_parameters": "final", "repetitions": 1}
    parameters = train_once((Run(run_id, {**config, "training": training}),), dataset).parameters
    assert parameters is not None
    return parameters[0]


def _stored(results: Results, config: dict[str, Any]) -> Preparation | None:
    """The preparation of the data of a recorded configuration; None where no folder holds it."""
    path = preparations.find(results.folders, data_digest(config))
    if path is None:
        return None
    try:
        return Preparation.from_json(path.read_text("utf-8"))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise UserError(f"{path}: cannot be read ({error}); train the run again") from error


def run_of(results: Results, run_id: str) -> pd.Series:
    """The row of the run whose id begins so.

    Raises:
        UserError: there is none, or there are several.
    """
    ids = results.runs["run_id"]
    found = results.runs[ids == run_id] if (ids == run_id).any() else results.runs[ids.str.startswith(run_id)]
    if len(found) != 1:
        problem = f"{len(found)} runs begin so; give more digits" if len(found) else "there is no such run"
        raise UserError(f"run={run_id}: {problem}; ids stand in results.runs, such as {ids.iloc[0]}")
    return found.iloc[0]


def _recorded_parameters(results: Results, run: pd.Series, config: dict[str, Any]) -> Array:
    """The parameters (P,) that a run ends with."""
    try:
        w = np.atleast_2d(results.parameters(run["run_id"]))
    except (OSError, ValueError, LookupError, BadZipFile) as error:
        message = f"run {run['run_id']}: its parameters cannot be read ({error}); train it again"
        raise UserError(message) from error
    if len(w) == 1:
        return w[0]
    points = results.trajectories[results.trajectories["run_id"] == run["run_id"]]
    return w[end_row(points, config)]


def part_scores(results: Results, run_id: str, thresholds: Sequence[float] = (0.5,)) -> pd.DataFrame:
    """The scores of a run on the parts of its data, see `trained.scores`, with the column `part` in front.

    Raises:
        UserError: see `trained_model`; or the data are not on this machine.
    """
    trained = trained_model(results, run_id)
    dataset, _ = recorded_model(configuration(run_of(results, run_id)["config"]), trained.run_id)
    parts = {"training": dataset.train, "validation": dataset.validation, "test": dataset.test}
    tables = []
    for name, part in parts.items():
        if len(part.y):
            with np.errstate(all="ignore"):
                p = trained.model.probabilities(trained.parameters[None], part.x)[0]
            table = scores(part.y, p, thresholds)
            table.insert(0, "part", name)
            tables.append(table)
    return pd.concat(tables, ignore_index=True)
