"""What an objective counts, shares and restricts."""

from dataclasses import replace

import numpy as np
import pytest

from optlab.datasets.dataset import Part
from optlab.models import REGISTRY
from optlab.objective.objective import COUNTED, LastAsked, Objective
from optlab.objective.penalty import penalty


@pytest.fixture
def objective() -> Objective:
    rng = np.random.default_rng(0)
    model = REGISTRY.get("logistic")(3, 2)
    samples = model.prepare(Part(rng.normal(size=(20, 3)), np.arange(20) % 2), np.dtype(float))
    return Objective(model, samples, penalty(l2=np.array([[0.0], [0.1], [1.0]])), np.zeros((4, 3)))


@pytest.fixture
def w() -> np.ndarray:
    return np.random.default_rng(1).normal(size=(3, 4))


def counts(objective: Objective, what: str) -> list[float]:
    return objective.counts[COUNTED.index(what)].tolist()


def test_cost_is_mean_loss_plus_half_l2_times_squared_weights_without_intercept(objective, w):
    x, y = objective.samples.x[:, :3] * (2 * objective.samples.y - 1)[:, None], objective.samples.y
    z = x @ w[:, :3].T + w[:, 3]
    loss = np.logaddexp(0, -(2 * y - 1)[:, None] * z).mean(0)
    expected = loss + 0.5 * np.array([0, 0.1, 1]) * (w[:, :3] ** 2).sum(1)
    np.testing.assert_allclose(objective.value(w), expected, rtol=1e-14)


def test_evaluations_are_counted_as_shares_of_the_data(objective, w):
    objective.gradient(w)
    objective.on(np.arange(5)).gradient(w)
    objective.on(np.arange(10)).value_and_gradient(w)
    assert counts(objective, "gradient_evals") == [1.75] * 3
    assert counts(objective, "value_evals") == [0.5] * 3


def test_only_the_runs_that_ask_are_counted(objective, w):
    some = objective.rows(np.array([False, True, True]))
    some.rows(np.array([1])).value(w[[2]])
    some.hessian(w[1:])
    assert counts(objective, "value_evals") == [0, 0, 1]
    assert counts(objective, "hessian_evals") == [0, 1, 1]


def test_a_known_point_is_not_evaluated_again_but_counted(objective, w, monkeypatch):
    here = objective.at(w)
    expected = objective.gradient(w)
    monkeypatch.setattr("optlab.objective.objective.mean_loss", None)
    np.testing.assert_array_equal(here.gradient(w), expected)
    part = here.rows(slice(1, 3))
    np.testing.assert_array_equal(part.gradient(part.known.w), expected[1:])
    assert counts(objective, "gradient_evals") == [2, 3, 3]


def test_another_point_is_evaluated_anew(objective, w):
    here = objective.at(w)
    np.testing.assert_array_equal(here.gradient(w + 1), objective.gradient(w + 1))


def test_full_is_the_objective_on_all_samples(objective, w):
    batch = objective.on(np.arange(3))
    np.testing.assert_array_equal(batch.full.value(w), objective.value(w))
    np.testing.assert_array_equal(batch.rows(slice(0, 2)).full.value(w[:2]), objective.value(w)[:2])


def test_a_mini_batch_gradient_is_the_mean_over_its_own_samples(objective, w):
    halves = [objective.on(np.arange(0, 10)).gradient(w), objective.on(np.arange(10, 20)).gradient(w)]
    np.testing.assert_allclose(np.mean(halves, 0), objective.gradient(w), rtol=1e-12, atol=1e-15)


def test_where_a_rule_asked_last_nothing_is_computed_or_counted_again(objective, w, monkeypatch):
    objective = replace(objective, last=LastAsked())
    expected = objective.at(w, accuracy=True).known
    objective.value_and_gradient(w + 1)
    objective.value_and_gradient(w)
    monkeypatch.setattr("optlab.objective.objective.mean_loss", None)
    again = w.copy()
    here = objective.at(again, accuracy=True)
    for kept, new in zip(here.known[1:4], expected[1:4], strict=True):
        np.testing.assert_array_equal(kept, new)
    here.value_and_gradient(again)
    part = here.rows(np.array([2]))
    part.gradient(part.known.w)
    assert counts(objective, "gradient_evals") == [2, 2, 2]


def test_runs_that_stand_elsewhere_than_asked_last_are_evaluated_and_counted(objective, w):
    expected = objective.at(w, accuracy=True).known
    objective = replace(objective, last=LastAsked())
    some = np.array([0, 2])
    objective.value_and_gradient(w + 1)
    objective.rows(some).value_and_gradient(w[some])
    here = objective.at(w, accuracy=True)
    for kept, new in zip(here.known[1:4], expected[1:4], strict=True):
        np.testing.assert_allclose(kept, new, rtol=1e-12)
    here.value_and_gradient(w)
    assert counts(objective, "value_evals") == [2, 2, 2]


def test_what_was_asked_last_of_all_data_is_not_taken_for_a_batch(objective, w):
    expected = objective.on(np.arange(5)).value(w)
    remembering = replace(objective, last=LastAsked())
    remembering.value_and_gradient(w)
    np.testing.assert_array_equal(remembering.on(np.arange(5)).at(w).known.value, expected)


def test_products_with_the_hessian_at_one_point_are_those_of_the_hessian_and_counted(objective, w):
    some, v = np.array([2, 0]), np.random.default_rng(2).normal(size=(2, 4))
    expected = np.einsum("rpq,rq->rp", objective.hessian(w)[some], v)
    product = objective.hessian_operator(w)
    np.testing.assert_allclose(product(some, v), expected, rtol=1e-12)
    assert counts(objective, "hvp_evals") == [1, 0, 1]


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
    whole = Objective(model, model.prepare(part, np.dtype(float)), penalty(l2=0.1), np.zeros((4, 2)))
    w = rng.normal(size=(2, model.n_parameters))
    monkeypatch.setattr("optlab.objective.objective.CACHE_ELEMENTS", 1)
    monkeypatch.setattr("optlab.objective.objective.LEAST_CHUNK", 7)
    for objective in (whole, whole.on(np.array([3, 1, 4, 15, 9]))):
        slopes = objective.sample_slopes(w)
        assert slopes.shape == (2, model.linear_scores, objective.n_samples)
        gradient = objective.from_slopes(slopes) + objective.penalty_gradient(w)
        np.testing.assert_allclose(gradient, objective.gradient(w), rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(slopes, whole.sample_slopes(w)[..., objective.positions], rtol=1e-12)
