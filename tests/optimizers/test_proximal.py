"""Methods for l1 penalties against scikit-learn's optimum and against their algorithms by hand."""

from functools import cache

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from optlab.core.errors import UserError
from optlab.core.options import defaults
from optlab.models import REGISTRY as MODELS
from optlab.objective.objective import Objective
from optlab.objective.oracle import Oracle
from optlab.objective.penalty import Penalty, penalty
from optlab.optimizers import REGISTRY
from optlab.optimizers.fista import fista
from optlab.optimizers.ista import ista
from optlab.optimizers.owl_qn import least_subgradient
from optlab.training.loop import RunSpec, Training, train
from tests.optimizers.quadratic import steps as visited
from tests.test_consistency import data

STRENGTHS = (0.02, 0.1)
L2 = 0.01
WAYS = {
    "ista": ({"lr": 0.5}, 3000, None),
    "fista": ({"lr": "auto"}, 600, None),
    "gradient_descent": ({}, 120, None),
    "owl_qn": ({}, 60, None),
    "coordinate_descent": ({}, 12, None),
    "prox_svrg": ({"lr": 0.2}, 2500, 5),
    "prox_saga": ({"lr": 0.2}, 2500, 5),
}
PROBLEMS = {"dense": "logistic", "sparse": "logistic", "multinomial": "softmax"}


@cache
def optimum(problem: str, l1: float, l2: float) -> tuple[float, int]:
    """J* and the weights that are not 0, by scikit-learn; the penalty there is C times smaller."""
    part, dataset = data(problem).train, data(problem)
    n = len(part.y)
    mixed = l1 / (l1 + l2)
    solver = LogisticRegression(
        C=1 / (n * (l1 + l2)), l1_ratio=mixed, solver="saga", tol=1e-14, max_iter=100_000, random_state=0
    )
    if "penalty" in solver.get_params() and solver.get_params()["penalty"] == "l2":
        solver.set_params(penalty="elasticnet")
    solver.fit(part.x, part.y)
    model = MODELS.get(PROBLEMS[problem])(4, dataset.n_classes)
    coefficients = solver.coef_.T.ravel() if dataset.n_classes > 2 else solver.coef_.ravel()
    w = np.concatenate([coefficients, solver.intercept_])[None]
    samples = model.prepare(part, np.dtype(float))
    value = Objective(model, samples, penalty(l2=l2, l1=l1)).evaluate(w).value[0]
    return float(value), int(np.count_nonzero(solver.coef_))


def runs(method: str, l2: float = L2) -> list[RunSpec]:
    options = {**defaults(REGISTRY.get(method)), **WAYS[method][0]}
    return [RunSpec(method, options, penalty(l2=l2, l1=l1), 0) for l1 in STRENGTHS]


def test_every_method_that_takes_proximal_steps_is_tested_here():
    assert {name for name in REGISTRY.names() if REGISTRY.entry(name).asks & {"prox", "l1"}} == set(WAYS)


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("method", WAYS)
@pytest.mark.filterwarnings("ignore")
def test_the_cost_ends_at_that_of_scikit_learn_with_the_same_weights_at_0(method, problem):
    dataset, (_, steps, batch_size) = data(problem), WAYS[method]
    model = MODELS.get(PROBLEMS[problem])(4, dataset.n_classes)
    budget = Training(
        epochs=None, max_steps=steps, batch_size=batch_size, sampling="independent", record_every=steps
    )
    history = train(model, dataset, runs(method), budget)
    expected, nonzeros = zip(*(optimum(problem, l1, L2) for l1 in STRENGTHS), strict=True)
    np.testing.assert_allclose(history.columns["train_cost"][-1], expected, rtol=1e-10)
    np.testing.assert_array_equal(history.columns["nonzeros"][-1], nonzeros)


def lasso() -> tuple[np.ndarray, np.ndarray, Oracle]:
    """Inputs A (60, 4), labels, and the oracle of logistic regression with l1 = 0.05 without intercept."""
    part = data("dense").train
    model = MODELS.get("logistic")(4, 2, fit_intercept=False)
    return (
        part.x,
        part.y,
        Oracle(Objective(model, model.prepare(part, np.dtype(float)), Penalty({"l1": 0.05}))),
    )


def soft(u: np.ndarray, c: float) -> np.ndarray:
    return np.where(u > c, u - c, np.where(u < -c, u + c, 0.0))


@pytest.mark.parametrize("restart", [True, False])
def test_fista_is_the_published_algorithm(restart):
    a, y, oracle = lasso()
    lr, w, ahead, t = 1.5, np.zeros(4), np.zeros(4), 1.0
    path = visited(fista(lr, restart), oracle, [0.0] * 4, 60)
    for k in range(60):
        g = a.T @ (1 / (1 + np.exp(-a @ ahead)) - y) / len(y)
        u = soft(ahead - lr * g, lr * 0.05)
        t_next = (1 + (1 + 4 * t * t) ** 0.5) / 2
        beta = (t - 1) / t_next
        if restart and (ahead - u) @ (u - w) > 0:
            t_next, beta = 1.0, 0.0
        w, ahead, t = u, u + beta * (u - w), t_next
        np.testing.assert_allclose(path[k], w, rtol=1e-12, atol=1e-15)


def test_ista_is_the_published_algorithm():
    a, y, oracle = lasso()
    path, w = visited(ista(1.5), oracle, [0.0] * 4, 30), np.zeros(4)
    for k in range(30):
        w = soft(w - 1.5 * a.T @ (1 / (1 + np.exp(-a @ w)) - y) / len(y), 1.5 * 0.05)
        np.testing.assert_allclose(path[k], w, rtol=1e-12, atol=1e-15)


def test_the_least_subgradient_is_the_point_of_the_subdifferential_nearest_to_0():
    w, g, c = np.array([1.0, -1.0, 0, 0, 0, 0]), np.array([0.2, 0.2, 0.5, -0.5, 3.0, -3.0]), 1.0
    expected = [1.2, -0.8, 0, 0, 2, -2]
    np.testing.assert_allclose(least_subgradient(w, g, np.full(6, c)), expected)


def test_without_l1_owl_qn_is_lbfgs_with_backtracking():
    dataset, model = data("dense"), MODELS.get("logistic")(4, 2)
    budget = Training(epochs=None, max_steps=15, record_every=1)
    other = {**defaults(REGISTRY.get("lbfgs")), "line_search": "backtracking"}
    own = RunSpec("owl_qn", defaults(REGISTRY.get("owl_qn")), penalty(l2=L2), 0)
    costs = [
        train(model, dataset, [run], budget).columns["train_cost"]
        for run in (own, RunSpec("lbfgs", other, penalty(l2=L2), 0))
    ]
    np.testing.assert_allclose(*costs, rtol=1e-12)


def test_a_share_of_the_largest_l1_goes_with_rates_from_theory():
    options = {**defaults(REGISTRY.get("fista")), "lr": "auto"}
    spec = RunSpec("fista", options, penalty(l1="0.5*max"), 0)
    history = train(MODELS.get("logistic")(4, 2), data("dense"), [spec], Training(epochs=50))
    assert history.status == ["completed"] and 0 < history.columns["nonzeros"][-1, 0] < 4


def test_slopes_with_kinks_are_no_matter_for_strong_wolfe():
    options = {**defaults(REGISTRY.get("gradient_descent")), "line_search": "strong_wolfe"}
    spec = RunSpec("gradient_descent", options, penalty(l1=0.1), 0)
    with pytest.raises(UserError, match=r"^optimizer\.line_search=strong_wolfe: .*backtracking$"):
        train(MODELS.get("logistic")(4, 2), data("dense"), [spec], Training(epochs=1))
