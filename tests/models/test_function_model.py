"""Costs that are formulas: derivatives against finite differences, minima, and what is refused."""

import numpy as np
import pytest

from optlab.core.errors import UserError
from optlab.datasets.dataset import Part
from optlab.models import REGISTRY
from optlab.objective.objective import Objective
from optlab.objective.penalty import penalty
from tests.models.test_derivatives import numerical

CASES = [
    ("rosenbrock", 2, {}),
    ("rosenbrock", 4, {}),
    ("beale", 2, {}),
    ("branin", 2, {}),
    ("rastrigin", 3, {}),
    ("saddle", 2, {}),
    ("log_sum_exp", 4, {"terms": 9}),
    ("quadratic", 5, {"rotate": True}),
    ("quadratic", 3, {"spectrum": (0.0, 1.0, 5.0)}),
]


def shifts(n, d, noise=0.1):
    return Part(noise * np.random.default_rng(0).normal(size=(n, d)), np.zeros(n, int))


@pytest.fixture(params=CASES, ids=lambda case: f"{case[0]}-{case[1]}")
def cost(request):
    name, d, options = request.param
    model = REGISTRY.get(name)(d, 1, **options)
    objective = Objective(model, model.prepare(shifts(3, d), np.dtype(float)), penalty(l2=0.1))
    return objective, np.random.default_rng(1).normal(size=(2, d))


def test_derivatives_are_those_of_the_value(cost):
    objective, w = cost
    # central differences of step 1e-5 err by about h^2 = 1e-10 times the third derivative, of some 1e3
    gradient = numerical(lambda w: objective.evaluate(w).value, w)
    np.testing.assert_allclose(objective.evaluate(w, gradient=True).gradient, gradient, rtol=1e-6, atol=1e-6)
    hessian = numerical(lambda w: objective.evaluate(w, gradient=True).gradient, w)
    np.testing.assert_allclose(objective.hessian(w), hessian, rtol=1e-6, atol=1e-6)
    products = np.einsum("rpq,rq->rp", objective.hessian(w), w)
    np.testing.assert_allclose(objective.hessian_vector(w, w), products, rtol=1e-12, atol=1e-12)


def test_the_gauss_newton_part_is_never_indefinite(cost):
    objective, w = cost
    of_all = objective.hessian_operator(w, gauss_newton=True)
    columns = [of_all(np.arange(2), np.repeat(e[None], 2, 0)) for e in np.eye(w.shape[1])]
    assert np.linalg.eigvalsh(np.stack(columns, axis=1)).min() >= -1e-12


@pytest.mark.parametrize("name, least", [("beale", 0), ("branin", 0.39788735772973816), ("saddle", 0)])
def test_minima_are_where_the_literature_has_them(name, least):
    model = REGISTRY.get(name)(2, 1)
    samples = model.prepare(shifts(1, 2, 0.0), np.dtype(float))
    at = Objective(model, samples).evaluate(model.minima, gradient=True)
    np.testing.assert_allclose(at.value, least, atol=1e-14)
    np.testing.assert_allclose(at.gradient, 0, atol=1e-13)
    assert model.least(samples)[0] == pytest.approx(least, abs=1e-14)
    assert model.least(model.prepare(shifts(2, 2), np.dtype(float))) is None


@pytest.mark.parametrize("name, d", [("rosenbrock", 3), ("rastrigin", 2), ("log_sum_exp", 3)])
def test_no_point_is_below_the_minimum(name, d):
    model = REGISTRY.get(name)(d, 1)
    samples = model.prepare(shifts(1, d), np.dtype(float))
    least, w = model.least(samples)
    objective = Objective(model, samples)
    assert objective.evaluate(w[None]).value[0] == pytest.approx(least, abs=1e-12)
    others = w + np.random.default_rng(2).normal(size=(50, d))
    assert (objective.evaluate(others).value > least).all()


def test_the_curvature_of_log_sum_exp_stays_below_its_bound():
    model = REGISTRY.get("log_sum_exp")(3, 1, terms=20)
    samples = model.prepare(shifts(1, 3), np.dtype(float))
    hessians = model.hessian(np.random.default_rng(0).normal(size=(50, 3)), samples, 1.0)
    assert np.linalg.eigvalsh(hessians).max() < model.curvatures[1]


@pytest.mark.parametrize(
    "name, dimension, classes, options, message",
    [
        ("beale", 2, 2, {}, "model=beale: .*; use dataset=shifts"),
        ("branin", 3, 1, {}, "dataset.dimension=3 model=branin: .* 2 parameters; set dataset.dimension=2"),
        ("rosenbrock", 1, 1, {}, "dataset.dimension=1 .* 2 parameters or more"),
        ("saddle", 2, 1, {"start": ()}, r"model.start=\[\]"),
        ("quadratic", 2, 1, {"spectrum": (1.0, -1.0)}, "eigenvalue -1 is negative, .* unbounded"),
        ("quadratic", 3, 1, {"spectrum": (1.0, 2.0)}, "2 eigenvalues for 3 parameters"),
        ("logistic", 2, 1, {}, "dataset=shifts has nothing to predict"),
    ],
)
def test_what_does_not_fit_is_refused(name, dimension, classes, options, message):
    with pytest.raises(UserError, match=message):
        REGISTRY.get(name)(dimension, classes, **options)
