"""Newton's method: published optimum, indefinite Hessians, line search."""

import os

import numpy as np
import pytest

from optlab.core.arrays import solve_positive_definite
from optlab.datasets import load
from optlab.datasets.dataset import Part
from optlab.models import REGISTRY as MODELS
from optlab.objective.objective import Objective
from optlab.objective.penalty import penalty
from optlab.optimizers.linesearch import Line, backtracking
from optlab.optimizers.newton import newton


def test_one_pure_step_on_a_quadratic_reaches_its_minimum():
    h = np.array([[[4.0, 1.0], [1.0, 3.0]], [[2.0, 0.0], [0.0, 5.0]]])
    b = np.array([[1.0, 2.0], [3.0, -1.0]])
    np.testing.assert_allclose(
        solve_positive_definite(h, b), np.linalg.solve(h, b[..., None])[..., 0], rtol=1e-14
    )


def test_damping_is_added_to_the_diagonal():
    h, b = np.array([[[4.0, 1.0], [1.0, 3.0]]] * 2), np.ones((2, 2))
    damping = np.array([[0.5], [2.0]])
    expected = [np.linalg.solve(h[r] + damping[r] * np.eye(2), b[r]) for r in range(2)]
    np.testing.assert_allclose(solve_positive_definite(h, b, damping), expected, rtol=1e-14)


@pytest.mark.parametrize("eigenvalues", [(1.0, -1.0), (1.0, 0.0), (0.0, 0.0), (-2.0, -3.0)])
def test_the_direction_descends_even_where_the_hessian_is_not_positive_definite(eigenvalues):
    rotation = np.array([[0.8, -0.6], [0.6, 0.8]])
    h = rotation @ np.diag(eigenvalues) @ rotation.T
    g = np.array([[1.0, 2.0]])
    direction = -solve_positive_definite(h[None], g)
    assert np.isfinite(direction).all()
    assert (direction * g).sum() < 0


def test_rows_that_are_not_finite_give_nan_and_leave_the_others():
    h, b = np.stack([np.eye(2), np.full((2, 2), np.inf)]), np.ones((2, 2))
    x = solve_positive_definite(h, b)
    np.testing.assert_array_equal(x[0], [1, 1])
    assert np.isnan(x[1]).all()


def test_a_network_is_trained_through_indefinite_hessians():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(40, 2)), np.arange(40) % 3
    model = MODELS.get("mlp")(2, 3, hidden=[4], activation="tanh")
    objective = Objective(model, model.prepare(Part(x, y), np.dtype(float)), penalty(l2=1e-3))
    w = model.initial(np.random.default_rng(1))[None]
    assert np.linalg.eigvalsh(objective.hessian(w)[0])[0] < 0
    rule = newton()
    state, costs = rule.init(w, objective), [objective.value(w)[0]]
    for _ in range(60):
        w, state = rule.update(w, state, objective)
        costs.append(objective.value(w)[0])
    assert (np.diff(costs) <= 1e-14).all()  # every step descends, to rounding
    assert np.abs(objective.gradient(w)).max() < 1e-8


def test_backtracking_takes_the_first_step_with_sufficient_decrease():
    """J(w) = log(1 + exp(-w)) + log(1 + exp(w)) in one variable, tried at 8, 4, 2, ... from w = 1."""
    model = MODELS.get("logistic")(1, 2, fit_intercept=False)
    objective = Objective(model, model.prepare(Part(np.ones((2, 1)), np.array([0, 1])), np.dtype(float)))
    w, direction = np.array([[1.0]]), np.array([[-1.0]])
    value, g = objective.value_and_gradient(w)
    slope = (g * direction).sum(1)
    step = backtracking(Line(objective, w, direction, value, slope), 8.0, 0.1)[0]

    def enough(s: float) -> bool:
        return objective.value(w + s * direction)[0] <= value[0] + 0.1 * s * slope[0]

    assert enough(step)
    assert not enough(2 * step)


def test_backtracking_gives_up_with_a_step_of_zero_on_a_direction_that_ascends():
    model = MODELS.get("logistic")(1, 2, fit_intercept=False)
    objective = Objective(model, model.prepare(Part(np.ones((2, 1)), np.array([0, 1])), np.dtype(float)))
    w, up = np.array([[1.0]]), np.array([[1.0]])
    value, g = objective.value_and_gradient(w)
    assert backtracking(Line(objective, w, up, value, -np.abs(g[0])), 1.0, 0.5) == 0


def test_the_published_fit_of_the_pima_data_is_found_from_zero():
    """R's glm on the raw features: residual deviance 723.45, null deviance 993.48."""
    if not os.environ.get("OPTLAB_DATA_DIR"):
        pytest.skip("needs the Pima data: set OPTLAB_DATA_DIR")
    options = {"standardize": False, "validation_fraction": 0, "test_fraction": 0}
    dataset = load({"name": "pima", **options}, "float64")
    model = MODELS.get("logistic")(dataset.n_features, 2)
    objective = Objective(model, model.prepare(dataset.train, np.dtype(float)))
    rule, w = newton(), np.zeros((1, model.n_parameters))
    for _ in range(12):
        w, _ = rule.update(w, (), objective)
    cost = objective.value(w)[0]
    assert cost == pytest.approx(0.470993084488, abs=1e-11)
    assert round(2 * len(dataset.train.y) * cost, 2) == 723.45
    positive = dataset.train.y.mean()
    entropy = -(positive * np.log(positive) + (1 - positive) * np.log(1 - positive))
    assert round(2 * len(dataset.train.y) * entropy, 2) == 993.48
    coefficients = dict(zip(dataset.features, w[0], strict=False))
    found = [coefficients[name] for name in ("DiabetesPedigreeFunction", "BMI", "Insulin")]
    assert [round(value, 7) for value in found] == [0.9451797, 0.0897010, -0.0011917]
