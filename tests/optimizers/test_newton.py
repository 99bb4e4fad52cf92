"""Newton's method: units, published optimum, indefinite Hessians, line search."""

import os

import numpy as np
import pytest

from optlab.datasets import load
from optlab.datasets.dataset import Part
from optlab.models import REGISTRY as MODELS
from optlab.objective.objective import Objective
from optlab.objective.oracle import Oracle
from optlab.objective.penalty import penalty
from optlab.optimizers.levenberg_marquardt import levenberg_marquardt
from optlab.optimizers.linesearch import Line, backtracking
from optlab.optimizers.newton import newton


def units(scale: np.ndarray, dtype: str) -> Oracle:
    """Logistic regression on 500 samples of 4 normal features, each multiplied by its `scale`."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(500, 4))
    y = (x @ [1.0, -1.0, 0.5, 0.2] + rng.normal(size=500) > 0).astype(int)
    model = MODELS.get("logistic")(4, 2)
    return Oracle(Objective(model, model.prepare(Part((x * scale).astype(dtype), y), np.dtype(dtype))))


def costs_of(rule, objective: Oracle, steps: int, dtype: str) -> np.ndarray:
    """J before the first step and after each."""
    w = np.zeros((1, objective.model.n_parameters), dtype)
    state, costs = rule.init(w, objective), [objective.value(w)[0]]
    for _ in range(steps):
        w, state = rule.update(w, state, objective)
        costs.append(objective.value(w)[0])
    return np.array(costs)


RULES = pytest.mark.parametrize(
    "rule", [newton(), levenberg_marquardt()], ids=["newton", "levenberg_marquardt"]
)


@RULES
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-9), ("float32", 1e-5)])
def test_its_path_does_not_depend_on_the_units_of_the_features(rule, dtype, tolerance):
    """The costs after each step are those of features of equal size."""
    plain = costs_of(rule, units(np.ones(4), dtype), 12, dtype)
    assert plain[4] < 0.6 * plain[0]
    rng = np.random.default_rng(1)
    for scale in [np.array([1e6, 1, 1, 1]), *10 ** rng.uniform(-8, 8, (20, 4))]:
        path = costs_of(rule, units(scale, dtype), 12, dtype)
        np.testing.assert_allclose(path, plain, rtol=tolerance)


def test_the_damped_path_of_a_network_does_not_depend_on_the_units_of_the_features():
    """Where its Hessian is indefinite neither; powers of two add no rounding."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(40, 2)), np.arange(40) % 3
    model, rule = MODELS.get("mlp")(2, 3, hidden=[4], activation="tanh"), levenberg_marquardt()
    costs, indefinite = [], False
    for scale in ([1, 1], [2.0**20, 2.0**-20]):
        objective = Oracle(Objective(model, model.prepare(Part(x * scale, y), np.dtype(float))))
        w = model.initial(np.random.default_rng(1))[None]
        w[0, :8] /= np.repeat(scale, 4)
        state = rule.init(w, objective)
        for _ in range(20):
            indefinite |= np.linalg.eigvalsh(objective.hessian(w)[0])[0] < -1e-3
            w, state = rule.update(w, state, objective)
            costs.append(objective.value(w)[0])
    assert indefinite and costs[19] < 0.9 * costs[0]
    np.testing.assert_allclose(costs[20:], costs[:20], rtol=1e-9)


WHOLE = {"standardize": False, "validation_fraction": 0, "test_fraction": 0}

RAW = {
    "pima": ({"name": "pima"}, 0.0, 0.470993),
    "breast_cancer": ({"name": "breast_cancer"}, 1e-3, 0.090885),
    "german": ({"name": "csv", "path": "uci/german.csv"}, 1e-3, 0.453286),
}
"""Data sets, a penalty, and the least cost on all of their unscaled rows (plain Newton in float64)."""


@RULES
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", RAW)
def test_unscaled_features_are_solved_in_ten_steps(name, dtype, rule):
    options, l2, least = RAW[name]
    folder = os.environ.get("OPTLAB_DATA_DIR")
    if folder is None and name != "breast_cancer":
        pytest.skip(f"needs the {name} data: set OPTLAB_DATA_DIR")
    if "path" in options:
        options = {**options, "path": f"{folder}/{options['path']}"}
    dataset = load({**options, **WHOLE}, dtype)
    model = MODELS.get("logistic")(dataset.n_features, 2)
    objective = Oracle(Objective(model, model.prepare(dataset.train, np.dtype(dtype)), penalty(l2=l2)))
    costs = costs_of(rule, objective, 10, dtype)
    assert costs[-1] == pytest.approx(least, abs=2e-6)
    assert costs[5] == pytest.approx(least, rel=0.06)


def test_a_network_is_trained_through_indefinite_hessians():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(40, 2)), np.arange(40) % 3
    model = MODELS.get("mlp")(2, 3, hidden=[4], activation="tanh")
    objective = Oracle(Objective(model, model.prepare(Part(x, y), np.dtype(float)), penalty(l2=1e-3)))
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
    objective = Oracle(
        Objective(model, model.prepare(Part(np.ones((2, 1)), np.array([0, 1])), np.dtype(float)))
    )
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
    objective = Oracle(
        Objective(model, model.prepare(Part(np.ones((2, 1)), np.array([0, 1])), np.dtype(float)))
    )
    w, up = np.array([[1.0]]), np.array([[1.0]])
    value, g = objective.value_and_gradient(w)
    assert backtracking(Line(objective, w, up, value, -np.abs(g[0])), 1.0, 0.5) == 0


def test_the_published_fit_of_the_pima_data_is_found_from_zero():
    """R's glm on the raw features: residual deviance 723.45, null deviance 993.48."""
    if not os.environ.get("OPTLAB_DATA_DIR"):
        pytest.skip("needs the Pima data: set OPTLAB_DATA_DIR")
    dataset = load({"name": "pima", **WHOLE}, "float64")
    model = MODELS.get("logistic")(dataset.n_features, 2)
    objective = Oracle(Objective(model, model.prepare(dataset.train, np.dtype(float))))
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
