"""A model with its parameters, and with what turns rows into its inputs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from optlab.analysis.trained.new_rows import raw_features
from optlab.analysis.trained.scores import scores
from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.datasets.preparation import Preparation
from optlab.models.model import Model

CHUNK = 2**24  # numbers of the widest layer that are in memory at a time


@dataclass(frozen=True, eq=False)
class Predictor:
    """A model as a run left it, which predicts from rows as people write them."""

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
        x = self._raw(rows)
        return pd.DataFrame(x.toarray() if hasattr(x, "toarray") else x, columns=self.preparation.features)

    def predict_proba(self, rows: Any) -> Array:
        """Probabilities (n, C) of the classes; of a regression, the numbers predicted (n, 1).

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
        return np.concatenate(parts) if parts else np.empty((0, self.preparation.n_classes or 1))

    def predict(self, rows: Any) -> Array:
        """The most probable class (n,) of each row, by its name, or its number; see `predict_proba`."""
        predicted = self.model.predict(self.parameters[None], self._inputs(rows))[0]
        return self.classes[predicted] if self.preparation.n_classes else predicted

    def score(self, rows: Any, y: Any) -> float:
        """Share of rows whose class in `y` (n,) is predicted; R² of numbers.

        Raises:
            UserError: a class that the training data do not have.
        """
        if not self.preparation.n_classes:
            errors, apart = (y - self.predict(rows)) ** 2, (y - np.mean(y)) ** 2
            return float(1 - np.sum(errors) / np.sum(apart))
        return float((self.predict(rows) == self.classes[self.labels(y)]).mean())

    def scores(self, rows: Any, y: Any, thresholds: Sequence[float] = (0.5,)) -> pd.DataFrame:
        """ROC AUC, precision, recall, F1 and the majority's accuracy, see `trained.scores`.

        Raises:
            UserError: a class that the training data do not have.
        """
        return scores(self.labels(y), self.predict_proba(rows), thresholds)

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

    def _raw(self, rows: Any) -> Array:
        return raw_features(rows, self.preparation, self.config["dataset"].get("encoding", "auto"))

    def _inputs(self, rows: Any) -> Array:
        return self.preparation.inputs(self._raw(rows), self.parameters.dtype)


def _name(label: Any) -> str:
    """A class as tables name it: 1.0 is 1."""
    return str(int(label)) if isinstance(label, float) and label.is_integer() else str(label)
