"""Linear scores in the units of the table.

A model of standardised features x = (r - m) / s has the coefficients w / s of the raw features r, and the
intercept b - sum(m w / s).
"""

import numpy as np

from optlab.analysis.trained.predictor import Predictor
from optlab.core.arrays import Array
from optlab.core.errors import UserError


def raw_coefficients(trained: Predictor) -> Array:
    """(C - 1, d + 1) of the raw features, the intercept last: contrasts with the first class.

    Raises:
        UserError: the scores of the model are not linear in the features.
    """
    scores = linear_scores(trained)
    contrasts = scores[1:] - scores[:1] if len(scores) > 1 else scores
    return contrasts @ to_raw_units(trained).T


def linear_scores(trained: Predictor) -> Array:
    """(K, d + 1) weights of each score of the inputs, the intercept last; K = 1 for two classes.

    Raises:
        UserError: see `raw_coefficients`.
    """
    model, w, d = trained.model, trained.parameters.astype(float), trained.preparation.n_features
    if model.name not in ("logistic", "softmax", "perceptron"):
        raise UserError(
            f"run {trained.run_id}: model={model.name} has no coefficient for each feature; use "
            "model=logistic or model=softmax"
        )
    outputs = 1 if model.name != "softmax" else model.n_classes
    weights = w[: d * outputs].reshape(d, outputs).T
    intercept = w[d * outputs :] if len(w) > d * outputs else np.zeros(outputs)
    return np.column_stack([weights, intercept])


def to_raw_units(trained: Predictor) -> Array:
    """T (d + 1, d + 1): raw coefficients are T times those of the inputs."""
    preparation = trained.preparation
    d = preparation.n_features
    scale = np.full(d, preparation.divisor) if preparation.scale is None else preparation.scale
    units = np.diag(np.append(1 / scale, 1.0))
    if preparation.mean is not None:
        units[d, :d] = -preparation.mean / scale
    return units
