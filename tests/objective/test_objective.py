"""The cost: mean loss and penalty, on batches and for some of the runs."""

import numpy as np
import pytest

from optlab.datasets.dataset import Part
from optlab.models import REGISTRY
from optlab.objective.objective import Objective
from optlab.objective.penalty import NONE, Penalty, penalty

X = np.random.default_rng(0).normal(size=(20, 3))
Y = np.arange(20) % 2
L2 = np.array([[0.0], [0.1], [1.0]])


@pytest.fixture
def objective() -> Objective:
    model = REGISTRY.get("logistic")(3, 2)
    return Objective(model, model.prepare(Part(X, Y), np.dtype(float)), penalty(l2=L2))


@pytest.fixture
def w() -> np.ndarray:
    return np.random.default_rng(1).normal(size=(3, 4))


def test_cost_is_mean_loss_plus_half_l2_times_squared_weights_without_intercept(objective, w):
    z = X @ w[:, :3].T + w[:, 3]
    loss = np.logaddexp(0, -(2 * Y - 1)[:, None] * z).mean(0)
    expected = loss + 0.5 * L2[:, 0] * (w[:, :3] ** 2).sum(1)
    np.testing.assert_allclose(objective.evaluate(w).value, expected, rtol=1e-14)


def test_what_is_not_asked_for_is_not_computed(objective, w):
    plain, complete = objective.evaluate(w), objective.evaluate(w, gradient=True, accuracy=True)
    assert (plain.gradient, plain.accuracy) == (None, None)
    np.testing.assert_array_equal(plain.value, complete.value)
    assert complete.gradient.shape == w.shape and complete.accuracy.shape == (3,)


def test_the_gradient_is_what_vanishes_at_a_stationary_point_of_a_smooth_cost(objective, w):
    point = objective.evaluate(w, gradient=True)
    assert objective.stationarity(point) is point.gradient
    assert objective.stationarity(objective.evaluate(w)) is None


def test_where_the_penalty_is_not_smooth_the_gradient_mapping_vanishes_at_the_minimum(objective):
    """At the minimum of J with 0.1 ||weights||_1, by proximal steps; nowhere else."""
    lasso = Objective(objective.model, objective.samples, Penalty({"l1": 0.1}))
    w = np.ones((1, 4))
    for _ in range(500):
        w = lasso.penalty.prox(w - lasso.evaluate(w, gradient=True).gradient, 1.0)
    least = lasso.evaluate(w, gradient=True)
    assert np.abs(lasso.stationarity(least)).max() < 1e-12 < np.abs(least.gradient).max()
    nearby = w + 0.1 * np.random.default_rng(2).normal(size=(50, 4))
    around = lasso.evaluate(nearby, gradient=True)
    assert (around.value > least.value).all()
    assert (np.abs(lasso.stationarity(around)).max(1) > 1e-3).all()


def test_selected_runs_have_their_own_penalties(objective, w):
    full = objective.evaluate(w, gradient=True)
    for index in (slice(1, 3), np.array([2, 0]), np.array([True, False, True])):
        part = objective.select_runs(index).evaluate(w[index], gradient=True)
        np.testing.assert_allclose(part.value, full.value[index], rtol=1e-14)
        np.testing.assert_allclose(part.gradient, full.gradient[index], rtol=1e-12)


def test_runs_that_share_everything_need_no_copy(objective):
    shared = Objective(objective.model, objective.samples, penalty(l2=0.1))
    assert shared.select_runs(slice(0, 1)) is shared


def test_the_cost_of_a_batch_is_that_of_its_samples(objective, w):
    index = np.array([3, 1, 4])
    model = objective.model
    expected = Objective(model, model.prepare(Part(X[index], Y[index]), np.dtype(float)), penalty(l2=L2))
    np.testing.assert_allclose(
        objective.batch(index).evaluate(w).value, expected.evaluate(w).value, rtol=1e-14
    )
    assert objective.n_samples == 20  # which itself stays as it is


@pytest.mark.parametrize("of", [NONE, penalty(l2=0.3), penalty(l2=L2)])
@pytest.mark.parametrize("gauss_newton", [False, True])
def test_products_with_the_hessian_at_one_point_are_those_of_the_hessian(of, gauss_newton, objective, w):
    objective = Objective(objective.model, objective.samples, of)
    some, v = np.array([2, 0]), np.random.default_rng(2).normal(size=(2, 4))
    expected = np.einsum("rpq,rq->rp", objective.hessian(w)[some], v)  # that of logistic is Gauss-Newton's
    np.testing.assert_allclose(objective.hessian_operator(w, gauss_newton)(some, v), expected, rtol=1e-12)
    own = objective.select_runs(some)
    np.testing.assert_allclose(own.hessian_vector(w[some], v, gauss_newton), expected, rtol=1e-12)


@pytest.mark.parametrize(
    "name, classes, options",
    [
        ("logistic", 2, {"loss": "mse"}),
        ("logistic", 2, {"class_weight": [1.0, 3.0], "fit_intercept": False}),
        ("softmax", 3, {"class_weight": [1.0, 3.0, 2.0]}),
        ("mlp", 2, {"hidden": []}),
    ],
)
def test_the_slopes_of_the_samples_make_the_gradient(name, classes, options, monkeypatch):
    rng = np.random.default_rng(2)
    model = REGISTRY.get(name)(3, classes, **options)
    part = Part(rng.normal(size=(20, 3)), np.arange(20) % classes)
    whole = Objective(model, model.prepare(part, np.dtype(float)), penalty(l2=0.1))
    w = rng.normal(size=(2, model.n_parameters))
    monkeypatch.setattr("optlab.objective.loss.CACHE_ELEMENTS", 1)
    monkeypatch.setattr("optlab.objective.loss.MIN_CHUNK", 7)
    for index in (slice(None), np.array([3, 1, 4, 15, 9])):
        batch = whole.batch(index)
        slopes = batch.sample_slopes(w)
        assert slopes.shape == (2, model.n_scores, batch.n_samples)
        gradient = batch.gradient_from_slopes(slopes) + batch.penalty.gradient(w)
        np.testing.assert_allclose(
            gradient, batch.evaluate(w, gradient=True).gradient, rtol=1e-12, atol=1e-14
        )
        np.testing.assert_allclose(slopes, whole.sample_slopes(w)[..., index], rtol=1e-12)
