"""Gradients, Hessians and Hessian-vector products against finite differences, for every model."""

import numpy as np
import pytest

from optlab.datasets.dataset import Part
from optlab.models import REGISTRY
from optlab.objective.objective import Objective
from optlab.objective.oracle import Oracle
from optlab.objective.penalty import penalty

N, D, R = 12, 3, 2
L2 = np.array([[0.1], [0.0]])

LINEAR = [
    ("logistic", 2, {"loss": loss, "fit_intercept": intercept})
    for loss in ("cross_entropy", "mse")
    for intercept in (True, False)
]
SOFTMAX = [
    ("softmax", classes, {"loss": loss, "fit_intercept": intercept})
    for classes in (2, 4)
    for loss in ("cross_entropy", "mse")
    for intercept in (True, False)
]
NETWORKS = [
    ("mlp", classes, {"hidden": hidden, "activation": activation, "loss": loss})
    for classes in (2, 3)
    for hidden in ([4], [3, 4])
    for activation in ("sigmoid", "tanh", "relu", "identity")
    for loss in ("cross_entropy", "mse")
]
ACTIVATIONS = [
    ("mlp", classes, {"hidden": [4, 3], "activation": activation, "loss": loss})
    for classes, loss in ((3, "cross_entropy"), (2, "mse"))
    for activation in ("leaky_relu", "elu", "gelu", "softplus")
]
OUTPUTS = [
    ("mlp", classes, {"hidden": [3], "activation": "tanh", "loss": "mse", "output_activation": output})
    for classes in (2, 3)
    for output in ("softmax", "sigmoid", "identity")
]
CASES = LINEAR + SOFTMAX + NETWORKS + ACTIVATIONS + OUTPUTS
NAMES = [f"{name}-{classes}-{'-'.join(map(str, options.values()))}" for name, classes, options in CASES]


@pytest.fixture(params=CASES, ids=NAMES)
def problem(request: pytest.FixtureRequest) -> tuple[Oracle, np.ndarray]:
    """An objective with a penalty of its own for each run, and parameters where nothing is flat."""
    name, classes, options = request.param
    rng = np.random.default_rng(3)
    model = REGISTRY.get(name)(D, classes, **options)
    part = Part(rng.normal(size=(N, D)), np.arange(N) % classes)
    samples = model.prepare(part, np.dtype(float))
    w = rng.normal(size=(R, model.n_parameters))
    return Oracle(Objective(model, samples, penalty(l2=L2)), R), w


def numerical(f, w: np.ndarray, h: float = 1e-5) -> np.ndarray:
    """Central differences of f (R, ...) along every parameter: (R, P, ...)."""
    columns = []
    for p in range(w.shape[1]):
        e = np.zeros_like(w)
        e[:, p] = h
        columns.append((f(w + e) - f(w - e)) / (2 * h))
    return np.stack(columns, axis=1)


def accuracy_of(objective: Oracle, w: np.ndarray) -> np.ndarray:
    return objective.objective.evaluate(w, accuracy=True).accuracy


def test_gradient_is_the_derivative_of_the_value(problem):
    objective, w = problem
    # central differences of step 1e-5 err by about h^2 = 1e-10 times the third derivative
    np.testing.assert_allclose(objective.gradient(w), numerical(objective.value, w), rtol=1e-6, atol=1e-8)


def test_value_and_gradient_agree_with_value_and_gradient_alone(problem):
    objective, w = problem
    value, gradient = objective.value_and_gradient(w)
    np.testing.assert_allclose(value, objective.value(w), rtol=1e-14)
    np.testing.assert_array_equal(gradient, objective.gradient(w))


def test_hessian_is_the_derivative_of_the_gradient(problem):
    objective, w = problem
    np.testing.assert_allclose(objective.hessian(w), numerical(objective.gradient, w), rtol=1e-6, atol=1e-8)


def test_hessian_vector_product_is_the_product_with_the_hessian(problem):
    objective, w = problem
    v = np.random.default_rng(4).normal(size=w.shape)
    expected = np.einsum("rpq,rq->rp", objective.hessian(w), v)
    np.testing.assert_allclose(objective.hessian_vector(w, v), expected, rtol=1e-10, atol=1e-12)


def test_hessian_vector_product_is_the_change_of_the_gradient(problem):
    objective, w = problem
    v, h = np.random.default_rng(4).normal(size=w.shape), 1e-5
    change = (objective.gradient(w + h * v) - objective.gradient(w - h * v)) / (2 * h)
    error = np.linalg.norm(objective.hessian_vector(w, v) - change, axis=1)
    assert (error < 1e-6 * np.linalg.norm(change, axis=1)).all()


def test_the_gauss_newton_matrix_is_symmetric_and_nowhere_indefinite(problem):
    objective, w = problem
    units = np.eye(w.shape[1])
    for row, r in zip(w, range(R), strict=True):
        one = objective.select_runs(np.full(len(units), r))
        matrix = one.hessian_vector(np.tile(row, (len(units), 1)), units, gauss_newton=True)
        np.testing.assert_allclose(matrix, matrix.T, atol=1e-12)
        assert np.linalg.eigvalsh(matrix)[0] > -1e-12


def test_gauss_newton_is_the_hessian_with_the_scores_taken_as_linear(problem):
    """J^T C J, with the Jacobian J of the outputs by finite differences and C the curvature at them."""
    objective, w = problem
    model, x = objective.model, np.random.default_rng(3).normal(size=(N, D))
    v = np.random.default_rng(4).normal(size=w.shape)
    h = 1e-5
    p = model.probabilities(w, x)  # (R, N, C), (1 - p, p) of a single output
    dp = (model.probabilities(w + h * v, x) - model.probabilities(w - h * v, x)) / (2 * h)
    cross_entropy = (dp**2 / p).sum((1, 2)) / N  # Fisher information
    squared = (dp**2).sum((1, 2)) / N
    single = getattr(model, "sizes", [1])[-1] == 1
    product = objective.hessian_vector(w, v, gauss_newton=True)
    curvature = (product * v).sum(1) - (L2 * model.penalty_mask * v**2).sum(1)
    expected = [cross_entropy, squared / 2 if single else squared]
    assert min(np.abs(curvature / e - 1).max() for e in expected) < 1e-6  # whichever is the loss


def test_rows_do_not_interact(problem):
    objective, w = problem
    both = objective.gradient(w)
    for r in range(R):
        alone = objective.select_runs(np.array([r])).gradient(w[[r]])
        np.testing.assert_allclose(alone[0], both[r], rtol=1e-12, atol=1e-15)


def test_single_precision_agrees_to_its_rounding(problem):
    objective, w = problem
    samples = objective.objective.samples
    samples = samples._replace(x=samples.x.astype(np.float32))
    single = Oracle(Objective(objective.model, samples, penalty(l2=L2.astype(np.float32))), R)
    gradient = single.gradient(w.astype(np.float32))
    assert gradient.dtype == np.float32
    np.testing.assert_allclose(gradient, objective.gradient(w), rtol=1e-3, atol=1e-5)


def test_chunks_of_samples_add_up_to_the_whole(problem, monkeypatch):
    objective, w = problem
    value, gradient = objective.value_and_gradient(w)
    hessian, accuracy = objective.hessian(w), accuracy_of(objective, w)
    monkeypatch.setattr("optlab.objective.loss.CACHE_ELEMENTS", 1)
    monkeypatch.setattr("optlab.objective.loss.MIN_CHUNK", 5)
    np.testing.assert_allclose(objective.value(w), value, rtol=1e-13)
    np.testing.assert_allclose(objective.gradient(w), gradient, rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(objective.hessian(w), hessian, rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(accuracy_of(objective, w), accuracy, rtol=1e-14)


def test_accuracy_is_the_share_of_labels_predicted_right(problem):
    objective, w = problem
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(N, D)), np.arange(N) % objective.model.n_classes
    expected = (objective.model.predict(w, x) == y).mean(1)
    np.testing.assert_allclose(accuracy_of(objective, w), expected, rtol=1e-15)


def test_the_largest_probability_is_the_prediction(problem):
    objective, w = problem
    x = np.random.default_rng(5).normal(size=(N, D))
    p = objective.model.probabilities(w, x)
    assert p.shape == (R, N, objective.model.n_classes)
    np.testing.assert_array_equal(p.argmax(-1), objective.model.predict(w, x))
