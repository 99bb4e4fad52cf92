"""A trained model to take home: it predicts from rows as people write them.

Parameters and preparation come from the result folder. Where the parameters were not recorded, the run is
trained again, alone, from what the folder records: its numbers agree to rounding.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np
import pandas as pd

from optlab.analysis.problem.problems import configuration
from optlab.analysis.trained.new_rows import raw_features
from optlab.analysis.trained.rebuilt import end_row, recorded
from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.datasets.preparation import Preparation
from optlab.models.model import Model
from optlab.runs import build
from optlab.runs.identity import Run
from optlab.runs.recorded_data import recorded_model
from optlab.runs.schema import Schema
from optlab.store import preparations
from optlab.store.read import Results
from optlab.sweeps.train import train_once

if TYPE_CHECKING:
    from sklearn.base import BaseEstimator

CHUNK = 2**24  # numbers of the widest layer that are in memory at a time


@dataclass(frozen=True, eq=False)
class TrainedModel:
    """A model as a run left it."""

    run_id: str
    config: dict[str, Any]  # canonical
    model: Model
    parameters: Array  # (P,)
    preparation: Preparation

    @property
    def classes(self) -> Array:
        """(C,) their names; whole numbers where all of them are."""
        names = self.preparation.classes
        are_whole = all(name.removeprefix("-").isdecimal() and str(int(name)) == name for name in names)
        return np.array([int(name) for name in names] if are_whole else names)

    def features(self, rows: Any) -> pd.DataFrame:
        """The features of rows, in their own units: what texts and missing values have become.

        Args:
            rows: see `predict_proba`.
        """
        x = raw_features(rows, self.preparation)
        return pd.DataFrame(x.toarray() if hasattr(x, "toarray") else x, columns=self.preparation.features)

    def predict_proba(self, rows: Any) -> Array:
        """Probabilities (n, C) of the classes.

        Args:
            rows: a data frame with the columns of the training table, a path of such a table, or raw features
                (n, d) in the order and the units of the training data.

        Raises:
            UserError: rows that do not fit the model.
        """
        x = self._inputs(rows)
        w, step = self.parameters[None], max(1, CHUNK // self.model.width)
        parts = [
            self.model.probabilities(w, x[start : start + step])[0] for start in range(0, x.shape[0], step)
        ]
        return np.concatenate(parts) if parts else np.empty((0, self.preparation.n_classes))

    def predict(self, rows: Any) -> Array:
        """The most probable class (n,) of each row, by its name; see `predict_proba`."""
        x = self._inputs(rows)
        return self.classes[self.model.predict(self.parameters[None], x)[0]]

    def score(self, rows: Any, y: Any) -> float:
        """Share of rows whose class in `y` (n,) is predicted.

        Raises:
            UserError: a class that the training data do not have.
        """
        return float((self.predict(rows) == self.classes[self.labels(y)]).mean())

    def labels(self, y: Any) -> Array:
        """Positions (n,) of classes given by name.

        Raises:
            UserError: a class that the training data do not have.
        """
        position = {name: place for place, name in enumerate(self.preparation.classes)}
        names = [_name(label) for label in np.asarray(y).ravel().tolist()]
        if unknown := [name for name in names if name not in position]:
            raise UserError(f"class {unknown[0]}: the model knows {', '.join(position)}; name the classes so")
        return np.array([position[name] for name in names], dtype=int)

    def to_sklearn(self) -> "BaseEstimator":
        """An estimator of scikit-learn that predicts the same from `features`.

        Raises:
            UserError: there is none that equals the model.
        """
        from optlab.analysis.trained.estimator import estimator

        return estimator(self)

    def _inputs(self, rows: Any) -> Array:
        return self.preparation.inputs(raw_features(rows, self.preparation), self.parameters.dtype)


def trained_model(results: Results, run_id: str) -> TrainedModel:
    """The model of a run, whose id may be shortened.

    Raises:
        UserError: no such run, or several; or its data, which are needed where parameters were not recorded,
            are not on this machine.
    """
    run = run_of(results, run_id)
    record = configuration(run["config"])
    config, run_id = Schema().canonical(record), str(run["run_id"])
    preparation = preparations.load(results.folders, record) if recorded(run) else None
    if preparation is None:
        dataset, model = recorded_model(record, run_id)
        if dataset.preparation is None:
            raise UserError(f"run {run_id}: nothing is known of how rows of {dataset.name} become inputs")
        preparation = dataset.preparation
    else:
        dataset, model = None, build.model(config, preparation)
    if recorded(run):
        w = _recorded_parameters(results, run, config)
    else:
        training = {**config["training"], "record_parameters": "final", "repetitions": 1}
        history = train_once((Run(run_id, {**config, "training": training}),), dataset)
        w = history.parameters[0]
    if w.shape != (model.n_parameters,):
        raise UserError(f"run {run_id}: its recorded parameters do not fit its model; train it again")
    if not np.isfinite(w).all():
        raise UserError(f"run {run_id}: it diverged, so there is no model; choose another run")
    return TrainedModel(run_id, config, model, w, preparation)


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


def _name(label: Any) -> str:
    """A class as tables name it: 1.0 is 1."""
    return str(int(label)) if isinstance(label, float) and label.is_integer() else str(label)
