"""Shapes, layouts, initial weights and refusals of the models."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from optlab.core.errors import UserError
from optlab.datasets.dataset import Part
from optlab.models import REGISTRY
from optlab.models.initial import initial_weights


def test_the_mnist_network_has_13002_parameters():
    assert REGISTRY.get("mlp")(784, 10, hidden=[16, 16]).n_parameters == 13_002


def test_the_circles_network_has_one_output():
    assert REGISTRY.get("mlp")(2, 2, hidden=[4, 6, 6, 4]).n_parameters == 12 + 30 + 42 + 28 + 5


def test_parameters_are_stored_layer_by_layer_weights_before_biases():
    model = REGISTRY.get("mlp")(2, 3, hidden=[4])
    w1, b1 = np.arange(8.0).reshape(2, 4), np.full(4, -1.0)
    w2, b2 = np.arange(12.0).reshape(4, 3), np.full(3, 0.5)
    w = np.concatenate([w1.ravel(), b1, w2.ravel(), b2])[None]
    x = np.array([[1.0, 2.0]])
    scores = np.maximum(x @ w1 + b1, 0) @ w2 + b2
    expected = np.exp(scores - scores.max()) / np.exp(scores - scores.max()).sum()
    np.testing.assert_allclose(model.probabilities(w, x)[0], expected, rtol=1e-14)


@pytest.mark.parametrize(("name", "classes"), [("logistic", 2), ("softmax", 3), ("mlp", 3)])
def test_biases_are_not_penalized(name, classes):
    model = REGISTRY.get(name)(5, classes)
    n_biases = {"logistic": 1, "softmax": 3, "mlp": 16 + 16 + 3}[name]
    assert model.n_parameters - model.penalty_mask.sum() == n_biases


def test_linear_models_start_at_zero_and_predict_the_first_class():
    for name in ("logistic", "softmax"):
        model = REGISTRY.get(name)(3, 2)
        w = model.initial(np.random.default_rng(0))[None]
        assert not w.any()
        assert not model.predict(w, np.random.default_rng(1).normal(size=(9, 3))).any()


def test_a_score_of_zero_counts_as_the_first_class_in_the_accuracy():
    model = REGISTRY.get("logistic")(2, 2)
    samples = model.prepare(Part(np.ones((5, 2)), np.array([0, 0, 0, 1, 1])), np.dtype(float))
    sums = model.loss_sums(np.zeros((1, 3)), samples, 1.0, correct=True)
    assert sums.correct == [3]


@pytest.mark.parametrize("init", ["zeros", "normal", "glorot", "he"])
def test_initial_weights_have_the_published_spread(init):
    weights = initial_weights(init, 400, 100, np.random.default_rng(0))
    spread = {"zeros": 0, "normal": 0.01, "glorot": np.sqrt(2 / 500), "he": np.sqrt(2 / 400)}[init]
    assert weights.shape == (400, 100)
    np.testing.assert_allclose(weights.std(), spread, rtol=0.02)  # 40,000 draws


def test_softmax_of_two_classes_has_the_optimum_of_scikit_learn():
    from scipy.optimize import minimize

    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(60, 3)), rng.integers(0, 3, 60)
    model, n, l2 = REGISTRY.get("softmax")(3, 3), 60, 0.1
    samples = model.prepare(Part(x, y), np.dtype(float))

    def cost(w: np.ndarray) -> tuple[float, np.ndarray]:
        sums = model.loss_sums(w[None], samples, 1 / n, gradient=True)
        penalized = l2 * model.penalty_mask * w
        return sums.loss[0] + 0.5 * penalized @ w, sums.gradient[0] + penalized

    best = minimize(cost, np.zeros(model.n_parameters), jac=True, options={"gtol": 1e-10}).x
    theirs = LogisticRegression(C=1 / (n * l2), tol=1e-10, max_iter=1000).fit(x, y)
    np.testing.assert_allclose(best[:9].reshape(3, 3), theirs.coef_.T, atol=1e-6)  # both stop near 1e-8


def test_logistic_refuses_more_than_two_classes():
    with pytest.raises(UserError, match="10 classes"):
        REGISTRY.get("logistic")(784, 10)


def test_step_is_refused_in_a_network_that_gradients_train():
    with pytest.raises(UserError, match=r"model\.activation=step: its derivative is 0"):
        REGISTRY.get("mlp")(3, 2, activation="step")


def test_cross_entropy_refuses_an_output_that_is_no_probability():
    with pytest.raises(UserError, match=r"model\.output_activation=identity"):
        REGISTRY.get("mlp")(3, 3, output_activation="identity")


@pytest.mark.parametrize("name", ["logistic", "mlp"])
def test_models_are_stable_for_huge_inputs(name):
    model = REGISTRY.get(name)(1, 2, **({"hidden": [2]} if name == "mlp" else {}))
    samples = model.prepare(Part(np.array([[1e4], [-1e4]]), np.array([1, 1])), np.dtype(float))
    sums = model.loss_sums(np.ones((1, model.n_parameters)), samples, 1.0, gradient=True, correct=True)
    assert np.isfinite(sums.loss).all()
    assert np.isfinite(sums.gradient).all()
