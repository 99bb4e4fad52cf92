"""A trained model as an estimator of scikit-learn, on the raw features."""

from itertools import pairwise
from typing import Any

import numpy as np

from optlab.analysis.trained.predictor import Predictor
from optlab.analysis.trained.raw_units import raw_coefficients
from optlab.core.errors import UserError

ACTIVATIONS = {"relu": "relu", "tanh": "tanh", "sigmoid": "logistic", "identity": "identity"}


def estimator(trained: Predictor) -> Any:
    """A `LogisticRegression` or `Perceptron` of raw features; or a pipeline of scaler and `MLPClassifier`.

    Raises:
        UserError: none equals the model.
    """
    name = trained.model.name
    if name == "mlp":
        return _network(trained)
    from sklearn.linear_model import LogisticRegression, Perceptron

    if name == "linear":
        raise UserError(f"run {trained.run_id}: an estimator of model=linear is not made; use model.predict")
    if trained.config["model"].get("loss", "cross_entropy") != "cross_entropy":
        raise UserError(
            f"run {trained.run_id}: scikit-learn has no estimator that equals model={name} with "
            f"model.loss={trained.config['model']['loss']}; use model.predict"
        )
    made = Perceptron() if name == "perceptron" else LogisticRegression()
    beta = raw_coefficients(trained)
    if trained.preparation.n_classes > 2:  # scores of all classes; that of the first is 0
        beta = np.vstack([np.zeros((1, beta.shape[1])), beta])
    made.coef_, made.intercept_ = beta[:, :-1], beta[:, -1]
    made.n_iter_ = np.array([1])
    return _fitted(made, trained)


def _network(trained: Predictor) -> Any:
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import LabelBinarizer, StandardScaler

    config, preparation = trained.config["model"], trained.preparation
    activation = ACTIVATIONS.get(config["activation"])
    if config["loss"] != "cross_entropy" or activation is None or preparation.sparse:
        raise UserError(
            f"run {trained.run_id}: scikit-learn has no network that equals this one (cross-entropy, dense "
            f"data and the activations {', '.join(ACTIVATIONS)} have); use model.predict"
        )
    outputs = 1 if preparation.n_classes == 2 else preparation.n_classes
    sizes, start = [preparation.n_features, *config["hidden"], outputs], 0
    weights, biases = [], []
    for rows, columns in pairwise(sizes):
        end = start + rows * columns
        weights.append(trained.parameters[start:end].reshape(rows, columns).astype(float))
        biases.append(trained.parameters[end : end + columns].astype(float))
        start = end + columns
    made = MLPClassifier(tuple(config["hidden"]), activation=activation)
    made.coefs_, made.intercepts_ = weights, biases
    made.n_layers_, made.n_outputs_ = len(sizes), outputs
    made.out_activation_ = "logistic" if outputs == 1 else "softmax"
    made._label_binarizer = LabelBinarizer().fit(trained.classes)
    scaler = StandardScaler()
    d = preparation.n_features
    scaler.mean_ = np.zeros(d) if preparation.mean is None else preparation.mean
    scaler.scale_ = np.full(d, preparation.divisor) if preparation.scale is None else preparation.scale
    scaler.n_features_in_ = d
    scaler.feature_names_in_ = np.array(preparation.features, object)
    return Pipeline([("scaler", scaler), ("network", _fitted(made, trained, names=False))])


def _fitted(made: Any, trained: Predictor, names: bool = True) -> Any:
    made.classes_ = trained.classes
    made.n_features_in_ = trained.preparation.n_features
    if names:
        made.feature_names_in_ = np.array(trained.preparation.features, object)
    return made
