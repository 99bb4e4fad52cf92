"""The certified minimum against scikit-learn and published figures."""

import os
from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from threadpoolctl import threadpool_limits

from optlab import datasets, models
from optlab.datasets.dataset import Part
from optlab.objective.objective import Objective
from optlab.objective.oracle import Oracle
from optlab.objective.penalty import NONE, penalty
from optlab.optimizers.newton import newton
from optlab.training.optimum import minimum as optimum
from optlab.training.optimum.extended import Cost
from optlab.training.optimum.minimum import CONVEX, bounded, least_curvature, minimum

ALL = {"validation_fraction": 0.0, "test_fraction": 0.0}


def solved(name, data, l2):
    model = models.REGISTRY.get(name)(data.n_features, data.n_classes)
    return minimum(model, data, penalty(l2=l2))


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

    found = minimum(model, replace(data, train=part, features=("x",)), NONE)
    assert found.cost == pytest.approx(-0.25 * np.log(0.25) - 0.75 * np.log(0.75), rel=1e-15)
    assert found.gap <= np.spacing(found.cost) * 2  # the minimum itself is a double


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
    assert "too costly" in minimum(model, data, NONE).reason


def test_a_model_that_needs_too_many_products_is_said(monkeypatch):
    monkeypatch.setattr(optimum, "MAX_WORK", 0)
    monkeypatch.setattr(optimum, "MAX_MULTIPLICATIONS", 1e5)
    assert "too costly" in solved("logistic", datasets.load({"name": "breast_cancer", **ALL}), 1e-3).reason


@pytest.mark.parametrize(
    ("name", "data", "l2"), [("logistic", "breast_cancer", 1e-3), ("softmax", "blobs", 1e-2)]
)
def test_without_a_hessian_the_minimum_is_the_same(name, data, l2, monkeypatch):
    data = datasets.load({"name": data, **ALL})
    direct = solved(name, data, l2)
    monkeypatch.setattr(optimum, "MAX_WORK", 0)
    found = solved(name, data, l2)
    assert found.gap <= 1e-12
    assert found.cost == pytest.approx(direct.cost, rel=1e-14)
    assert found.L == direct.L
    assert np.isnan([found.mu, found.sharpness]).all()


@pytest.mark.parametrize(("name", "n_classes"), [("logistic", 2), ("softmax", 2), ("softmax", 4)])
@pytest.mark.parametrize("class_weight", [None, "balanced"])
@pytest.mark.parametrize("fit_intercept", [True, False])
def test_no_eigenvalue_is_below_the_bound(name, n_classes, class_weight, fit_intercept):
    """On random problems with rows that are not centred, anywhere; softmax has one eigenvalue of 0."""
    rng, shares = np.random.default_rng(0), []
    for _ in range(60):
        n, d, l2 = int(rng.integers(5, 40)), int(rng.integers(1, 6)), 10.0 ** rng.uniform(-5, 1)
        x = rng.uniform(0.1, 3) * (rng.standard_normal((n, d)) + rng.uniform(0, 3))
        y = np.minimum(np.arange(n) % (n_classes + 1), n_classes - 1)
        model = models.REGISTRY.get(name)(
            d, n_classes, fit_intercept=fit_intercept, class_weight=class_weight
        )
        samples = model.prepare(Part(x, y), np.dtype(float))
        w = rng.uniform(0, 1) * rng.standard_normal((1, model.n_parameters))
        curvatures = np.linalg.eigvalsh(Oracle(Objective(model, samples, penalty(l2=l2))).hessian(w)[0])
        flat = int(name == "softmax" and fit_intercept)
        bound = least_curvature(model, w, x, samples.weight, l2)
        assert least_curvature(model, w, csr_array(x), samples.weight, l2) == pytest.approx(bound, rel=1e-9)
        assert 0 < bound <= curvatures[flat] * (1 + 1e-9) + 1e-14 * curvatures[-1]
        shares.append(bound / curvatures[flat])
    assert max(shares) > 0.5


@pytest.mark.parametrize(("name", "n_classes"), [("logistic", 2), ("softmax", 4)])
@pytest.mark.parametrize("fit_intercept", [True, False])
def test_the_gap_is_never_larger_than_its_bound(name, n_classes, fit_intercept):
    """On random problems, at points around the minimum: as far away as the bound holds at all."""
    rng, checked = np.random.default_rng(0), []
    for _ in range(12):
        n, d, l2 = int(rng.integers(5, 40)), int(rng.integers(1, 6)), 10.0 ** rng.uniform(-4, 0)
        x, y = rng.uniform(0.1, 3) * rng.standard_normal((n, d)), np.arange(n) % n_classes
        model = models.REGISTRY.get(name)(d, n_classes, fit_intercept=fit_intercept)
        objective = Oracle(Objective(model, model.prepare(Part(x, y), np.dtype(float)), penalty(l2=l2)))
        w = np.zeros((1, model.n_parameters))
        for _ in range(20):
            w, _ = newton().update(w, (), objective)
        least = objective.value(w)[0]
        change = CONVEX[name] * np.sqrt(np.square(x).sum(1).max() + fit_intercept)
        for distance in 10.0 ** rng.uniform(-3, 0.5, 15):
            far = w + distance * rng.standard_normal(w.shape)
            value, gradient = objective.value_and_gradient(far)
            norm = np.linalg.norm(gradient)
            curvatures = np.linalg.eigvalsh(objective.hessian(far)[0])
            mu = curvatures[curvatures > 1e-10 * curvatures[-1]].min()
            if change * norm <= mu:
                assert value[0] - least <= norm**2 / mu
                checked.append((value[0] - least) / (norm**2 / mu))
    assert len(checked) > 20
    assert max(checked) > 0.3  # the bound of a quadratic, half of this one, is nearly reached


def test_a_point_that_is_not_the_minimum_is_not_certified():
    data = datasets.load({"name": "breast_cancer", **ALL})
    model = models.REGISTRY.get("logistic")(data.n_features, 2)
    objective = Oracle(Objective(model, model.prepare(data.train, np.dtype(float)), penalty(l2=0.1)))
    point = Cost(model, data.train.x, objective.objective.samples, penalty(l2=0.1)).at(np.zeros(31))
    assert "stopped at a gradient norm" in bounded(point, np.ones(31), 0.1, 1.0).reason


def test_weighted_classes_have_a_minimum_of_their_own():
    data = datasets.load({"name": "breast_cancer", **ALL})
    model = models.REGISTRY.get("logistic")(data.n_features, 2, class_weight="balanced")
    found = minimum(model, data, penalty(l2=0.1))
    assert found.gap <= 1e-12
    assert found.cost != solved("logistic", data, 0.1).cost


def test_sparse_data_have_the_minimum_of_dense_ones():
    data = datasets.load({"name": "breast_cancer", **ALL})
    sparse = replace(data, train=Part(csr_array(data.train.x), data.train.y))
    dense, found = solved("logistic", data, 0.1), solved("logistic", sparse, 0.1)
    assert found.gap <= 1e-12
    np.testing.assert_allclose([found.cost, found.mu, found.L], [dense.cost, dense.mu, dense.L], rtol=1e-9)


@pytest.mark.parametrize(
    ("name", "options", "l2", "cost"),
    [
        ("phishing", {}, 1e-8, 0.141596773463),
        ("german", {"standardize": False}, 1e-3, 0.453286066637),
        ("german", {"standardize": False}, 0.0, 0.447908892738),
        ("phishing", {}, 0.0, "quasi-separable"),
        ("ionosphere", {}, 0.0, "quasi-separable"),
        ("sonar", {}, 0.0, "separable"),
        ("a9a", {}, 0.0, "quasi-separable"),
    ],
)
def test_a_minimum_is_found_where_there_is_one_and_the_reason_is_named_where_there_is_none(
    name, options, l2, cost
):
    """Costs are those of a plain Newton method; without data there is nothing to test."""
    folder = os.environ.get("OPTLAB_DATA_DIR", "")
    if not os.path.isdir(os.path.join(folder, "uci")):
        pytest.skip("needs phishing, a9a and the UCI files: set OPTLAB_DATA_DIR")
    table = os.path.join(folder, "uci", f"{name}.csv")
    own = {"name": "csv", "path": table} if os.path.isfile(table) else {"name": name}
    found = solved("logistic", datasets.load({**own, **options, **ALL}), l2)
    if isinstance(cost, str):
        assert found.reason.startswith(f"the classes are {cost}:")
    else:
        assert found.cost == pytest.approx(cost, rel=1e-11)
        assert found.gap < 1e-15


@pytest.mark.parametrize("factor", [1e-5, 1e6])
def test_the_units_of_a_feature_do_not_matter(factor):
    data = datasets.load({"name": "breast_cancer", **ALL})
    x = data.train.x.copy()
    x[:, 3] *= factor
    found = solved("logistic", replace(data, train=Part(x, data.train.y)), 1e-3)
    assert found.gap < 1e-15
