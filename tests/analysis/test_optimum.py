"""The certified minimum against scikit-learn and published figures."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from threadpoolctl import threadpool_limits

from optlab import datasets, models
from optlab.analysis.optimum import Softmax, minimum

ALL = {"validation_fraction": 0.0, "test_fraction": 0.0}


def solved(name, data, l2):
    model = models.REGISTRY.get(name)(data.n_features, data.n_classes)
    return minimum(model, name, data, l2)


@pytest.mark.parametrize(
    ("name", "data", "l2"), [("logistic", "breast_cancer", 1e-3), ("softmax", "digits", 1e-2)]
)
def test_the_minimum_is_scikit_learns_with_a_gap_below_1e_12(name, data, l2):
    data = datasets.load({"name": data, **ALL})
    found = solved(name, data, l2)
    x, y = data.train
    with threadpool_limits(1):  # threads would wait for one another
        peer = LogisticRegression(C=1 / (len(y) * l2), tol=1e-12, solver="newton-cholesky").fit(x, y)
    cost = log_loss(y, peer.predict_proba(x)) + 0.5 * l2 * np.square(peer.coef_).sum()
    assert found.gap <= 1e-12
    assert found.cost == pytest.approx(cost, rel=1e-9)
    assert found.cost <= cost + 1e-15


def test_the_minimum_of_a_fit_that_was_worked_out_by_hand():
    """Three of four samples with x = 1 are of class 1: the least mean loss is the entropy of (1/4, 3/4)."""
    data = datasets.load({"name": "breast_cancer", **ALL})
    part = type(data.train)(np.ones((4, 1)), np.array([0, 1, 1, 1]))
    model = models.REGISTRY.get("logistic")(1, 2, fit_intercept=False)

    found = minimum(model, "logistic", replace(data, train=part, features=("x",)), 0.0)
    assert found.cost == pytest.approx(-0.25 * np.log(0.25) - 0.75 * np.log(0.75), rel=1e-15)
    assert found.gap <= 1e-20


def test_directions_along_which_the_cost_is_constant_do_not_spoil_the_certificate():
    """With an intercept and a constant column the minimiser is not unique; the minimum is."""

    data = datasets.load({"name": "breast_cancer", **ALL})
    part = type(data.train)(np.ones((4, 1)), np.array([0, 1, 1, 1]))
    found = solved("logistic", replace(data, train=part, features=("x",)), 0.0)
    assert found.cost == pytest.approx(-0.25 * np.log(0.25) - 0.75 * np.log(0.75), rel=1e-15)


def test_separable_data_without_a_penalty_have_no_minimum_and_it_is_said():
    found = solved("logistic", datasets.load({"name": "breast_cancer", **ALL}), 0.0)
    assert np.isnan(found.cost)
    assert "separable" in found.reason


def test_a_model_that_is_too_large_is_said():
    data = datasets.load({"name": "digits", **ALL})
    model = models.REGISTRY.get("softmax")(100_000, 10)
    assert "too costly" in minimum(model, "softmax", data, 0.1).reason


@pytest.mark.parametrize("fit_intercept", [True, False])
def test_the_hessian_of_softmax_is_that_of_the_model(fit_intercept):
    data = datasets.load({"name": "digits", "max_rows": 40, **ALL})
    model = models.REGISTRY.get("softmax")(data.n_features, data.n_classes, fit_intercept=fit_intercept)
    samples = model.prepare(data.train, np.dtype(float))
    w = 0.01 * np.random.default_rng(0).standard_normal((1, model.n_parameters))
    expected = model.hessian(w, samples, 0.1)
    np.testing.assert_allclose(Softmax(model).hessian(w, samples, 0.1), expected, rtol=1e-9, atol=1e-12)
