"""Estimators of scikit-learn predict what the models predict that they were made of."""

import numpy as np
import pytest

from optlab.core.errors import UserError

X = np.random.default_rng(1).normal(size=(30, 2)) + 0.3
SECTIONS = [
    ("moons", {"name": "logistic"}),
    ("blobs", {"name": "softmax"}),
    ("moons", {"name": "mlp", "hidden": [4, 3], "activation": "tanh"}),
    ("blobs", {"name": "mlp", "hidden": [4], "activation": "sigmoid"}),
]


def model_of(trained, folder, data, section, **options):
    data = {"name": data, "n_samples": 60, **options}
    results = trained(folder, data, section, ["adam"], seeds=[0], record_parameters="final")
    return results.model(results.runs["run_id"].iloc[0])


@pytest.mark.parametrize("standardize", [True, False])
@pytest.mark.parametrize(("data", "section"), SECTIONS)
def test_it_predicts_the_same(trained, tmp_path, data, section, standardize):
    model = model_of(trained, tmp_path, data, section, standardize=standardize)
    made = model.to_sklearn()
    np.testing.assert_allclose(made.predict_proba(model.features(X)), model.predict_proba(X), rtol=1e-9)
    np.testing.assert_array_equal(made.predict(model.features(X)), model.predict(X))
    np.testing.assert_array_equal(made.classes_, model.classes)


def test_a_perceptron_predicts_the_same(trained, tmp_path):
    data = {"name": "moons", "n_samples": 60}
    results = trained(tmp_path, data, {"name": "perceptron"}, ["sgd"], seeds=[0], record_parameters="final")
    model = results.model(results.runs["run_id"].iloc[0])
    np.testing.assert_array_equal(model.to_sklearn().predict(model.features(X)), model.predict(X))


def test_what_has_no_equal_is_refused(trained, tmp_path):
    model = model_of(trained, tmp_path, "moons", {"name": "mlp", "hidden": [2], "activation": "elu"})
    with pytest.raises(UserError, match="no network that equals this one"):
        model.to_sklearn()
    model = model_of(trained, tmp_path / "b", "moons", {"name": "logistic", "loss": "mse"})
    with pytest.raises(UserError, match=r"no estimator that equals model=logistic with model\.loss=mse"):
        model.to_sklearn()
