"""Coefficients of logistic and softmax regression in the units of the table, with Wald's intervals.

A model of standardised features x = (r - m) / s has the coefficients w / s of the raw features r, and the
intercept b - sum(m w / s). At the maximum of the likelihood, that is at a certified minimum of the cost
without penalty, the coefficients are normal in large samples, with the inverse of the information

    I = sum_i a_i a_i^T p_i (1 - p_i),    a = [x, 1]

as covariance: Wald's intervals. Those of softmax are of the contrasts w_k - w_0 with the first class, as in
R's `multinom` and statsmodels' `MNLogit`: the scores themselves have a constant that no data tell.

Reference: McCullagh and Nelder, Generalized Linear Models, 2nd ed. 1989, sections 4.4 and 5.2.
"""

from typing import Any

import numpy as np
import pandas as pd

from optlab.analysis.optimum.certificates import with_optimum
from optlab.analysis.trained.raw_units import raw_coefficients, to_raw_units
from optlab.analysis.trained.trained_model import TrainedModel, run_of, trained_model
from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.objective.penalty import penalty_of
from optlab.runs.recorded_data import recorded_model
from optlab.store.read import Results

INTERCEPT = "intercept"
CERTIFIED = 1 + 1e-9
FLAT, OPEN = 1e-11, 1e-6  # curvature, in units of the largest, and share of a flat direction, that are none
COLUMNS = ["coefficient", "odds_ratio", "standard_error", "z", "p", "low", "high", "odds_low", "odds_high"]


def coefficients(results: Results, run_id: str, level: float = 0.95) -> pd.DataFrame:
    """One row per feature, the intercept last; of softmax, per class but the first, and feature.

    Args:
        results: tables of a result folder.
        run_id: of a run of logistic or softmax regression; it may be shortened.
        level: of the intervals.

    Returns:
        ``class feature coefficient odds_ratio standard_error z p low high odds_low odds_high``, for features
        in the units of the table. `odds_ratio` is exp(coefficient); the columns from `standard_error` on are
        NaN where they would not be valid: ``attrs["reason"]`` says why, else it is empty.

    Raises:
        UserError: no such run, or a model without coefficients.
    """
    if not 0 < level < 1:
        raise UserError(f"level={level}: must lie between 0 and 1; 0.95 is usual")
    trained = trained_model(results, run_id)
    beta = raw_coefficients(trained)
    reason = _obstacle(results, trained)
    errors = np.full(beta.shape, np.nan) if reason else _standard_errors(trained)
    if not reason and np.isnan(errors).any():
        column = [*trained.preparation.features, INTERCEPT][int(np.isnan(errors).any(axis=0).argmax())]
        reason = (
            f"the data leave '{column}' open, for others imply it or it is constant: set "
            "dataset.drop_first=true, or dataset.ignore"
        )
    names = [*trained.preparation.features, INTERCEPT]
    classes = trained.preparation.classes[1:]
    index = [(name, feature) for name in classes for feature in names]
    table = pd.DataFrame(index, columns=["class", "feature"])
    table = pd.concat([table, _wald(beta.ravel(), errors.ravel(), level)], axis="columns")
    table.attrs["reason"] = reason
    return table


def _obstacle(results: Results, trained: TrainedModel) -> str:
    """Why there are no intervals; empty if there are."""
    model = trained.config["model"]
    if trained.model.name == "perceptron" or model.get("loss") != "cross_entropy":
        return "the cost is no likelihood: intervals need model=logistic or softmax with cross-entropy"
    if penalty_of(model):
        return "a penalty draws the coefficients to 0: intervals need model.l2=0"
    if model.get("class_weight") is not None:
        return "weighted classes are no likelihood: intervals need model.class_weight=null"
    if not model.get("fit_intercept", True):
        return "without an intercept the centred features are other ones: intervals need it"
    run = run_of(results, trained.run_id).to_frame().T.assign(problem="")
    known = with_optimum(run).iloc[0]
    if np.isnan(known["optimum"]):
        return str(known["optimum_reason"])
    if not known["final_gap"] <= known["least_gap"] * CERTIFIED:
        return (
            f"the run ends {known['final_gap']:.1e} above the minimum: intervals are those of the minimum; "
            "use optimizer=newton or more steps"
        )
    return ""


def _standard_errors(trained: TrainedModel) -> Array:
    """(C - 1, d + 1) in raw units, from the information at the training inputs.

    NaN where the data leave the coefficient open: of constant features, and of those that others imply.
    """
    dataset, _ = recorded_model(trained.config, trained.run_id, dtype="float64")
    rows: Any = dataset.train.x
    x = rows.toarray() if trained.preparation.sparse else rows
    a = np.column_stack([x, np.ones(len(x))])
    p = trained.model.probabilities(trained.parameters[None], dataset.train.x)[0][:, 1:]
    k, width = p.shape[1], a.shape[1]
    information = np.zeros((k, width, k, width))
    for i in range(k):
        for j in range(k):
            curvature = p[:, i] * ((i == j) - p[:, j])
            information[i, :, j] = (a.T * curvature) @ a
    covariance, null = _inverse(information.reshape(k * width, -1))
    units = np.kron(np.eye(k), to_raw_units(trained))
    lengths = np.maximum(np.linalg.norm(units, axis=1), np.finfo(float).tiny)
    is_open = (np.abs(units @ null) > OPEN * lengths[:, None]).any(axis=1) | (np.diag(units) == 0)
    variance = np.einsum("ij,jk,ik->i", units, covariance, units)
    return np.sqrt(np.where(is_open, np.nan, np.maximum(variance, 0.0))).reshape(k, width)


def _inverse(information: Array) -> tuple[Array, Array]:
    """The inverse, without the directions of which the data tell nothing, and these (m, ...)."""
    diagonal = np.diag(information)
    scale = np.where(diagonal > 0, diagonal, 1.0) ** -0.5
    values, vectors = np.linalg.eigh(scale[:, None] * information * scale)
    flat = values <= FLAT * values.max()
    kept = scale[:, None] * vectors[:, ~flat]
    null = scale[:, None] * vectors[:, flat]
    return (kept / values[~flat]) @ kept.T, null / np.maximum(np.linalg.norm(null, axis=0), FLAT)


def _wald(beta: Array, errors: Array, level: float) -> pd.DataFrame:
    from scipy.special import ndtr, ndtri

    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        z, half = beta / errors, ndtri((1 + level) / 2) * errors
        p, low, high = 2 * ndtr(-np.abs(z)), beta - half, beta + half
        columns = (beta, np.exp(beta), errors, z, p, low, high, np.exp(low), np.exp(high))
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))
