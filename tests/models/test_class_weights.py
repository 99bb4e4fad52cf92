"""Class weights: scikit-learn's definition and optimum, and weighted costs as costs of repeated samples."""

import numpy as np
import pytest
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.utils.class_weight import compute_class_weight

from optlab.core.errors import UserError
from optlab.datasets.dataset import Dataset, Part
from optlab.models import REGISTRY
from optlab.models.class_weights import sample_weights
from optlab.models.model import Curvature
from optlab.objective.objective import Objective
from optlab.objective.penalty import NONE, penalty
from optlab.training.loop import RunSpec, Training, train

FLOAT = np.dtype(float)
L2 = 0.1

CASES = {
    "logistic": ("logistic", 2, {}),
    "logistic-mse": ("logistic", 2, {"loss": "mse"}),
    "perceptron": ("perceptron", 2, {}),
    "softmax": ("softmax", 3, {}),
    "softmax-mse": ("softmax", 3, {"loss": "mse"}),
    "mlp": ("mlp", 3, {"hidden": [4], "activation": "tanh"}),
    "mlp-sigmoid": ("mlp", 2, {"hidden": [4], "activation": "tanh"}),
    "mlp-mse": ("mlp", 2, {"hidden": [4], "activation": "tanh", "loss": "mse"}),
}


def part(n_classes: int, n: int = 30) -> Part:
    """Samples of unequally frequent classes."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(n, 3))
    score = x @ [1.0, -1.0, 0.5] + rng.normal(size=n)
    return Part(x, np.digitize(score, [0.7, 1.8][: n_classes - 1]))


def test_balanced_is_what_scikit_learn_means_by_it():
    y = part(3).y
    expected = compute_class_weight("balanced", classes=np.arange(3), y=y)[y]
    np.testing.assert_allclose(sample_weights("balanced", y, 3, FLOAT), expected, rtol=1e-15)
    np.testing.assert_allclose(expected.mean(), 1.0)


def test_a_class_without_samples_leaves_the_weights_of_the_others_alone():
    y = part(2).y
    np.testing.assert_array_equal(
        sample_weights("balanced", y, 3, FLOAT), sample_weights("balanced", y, 2, FLOAT)
    )


@pytest.mark.parametrize("case", CASES)
def test_a_sample_of_weight_k_counts_as_k_samples(case):
    name, n_classes, options = CASES[case]
    data, times = part(n_classes), np.arange(1, n_classes + 1)
    model = REGISTRY.get(name)(3, n_classes, class_weight=[float(k) for k in times], **options)
    plain = REGISTRY.get(name)(3, n_classes, **options)
    repeated = np.repeat(np.arange(len(data.y)), times[data.y])
    samples = model.prepare(data, FLOAT)
    more = plain.prepare(Part(data.x[repeated], data.y[repeated]), FLOAT)
    w, v = np.random.default_rng(1).normal(size=(2, 2, model.n_parameters))
    for once, several in zip(
        model.loss_sums(w, samples, 0.5, gradient=True)[:2],
        plain.loss_sums(w, more, 0.5, gradient=True)[:2],
        strict=True,
    ):
        np.testing.assert_allclose(once, several, rtol=1e-12, atol=1e-12)
    if not isinstance(model, Curvature):
        return
    np.testing.assert_allclose(model.hessian(w, samples, 0.5), plain.hessian(w, more, 0.5), atol=1e-12)
    for gauss_newton in (False, True):
        np.testing.assert_allclose(
            model.hessian_vector(w, v, samples, 0.5, gauss_newton),
            plain.hessian_vector(w, v, more, 0.5, gauss_newton),
            atol=1e-12,
        )


@pytest.mark.parametrize("class_weight", ["balanced", "list"])
@pytest.mark.parametrize(("name", "n_classes"), [("logistic", 2), ("softmax", 3)])
def test_the_optimum_is_that_of_scikit_learn(name, n_classes, class_weight):
    data = part(n_classes, 80)
    weights = class_weight if class_weight == "balanced" else [0.5, 2.0, 3.0][:n_classes]
    model = REGISTRY.get(name)(3, n_classes, class_weight=weights)
    objective = Objective(model, model.prepare(data, FLOAT), penalty(l2=L2))

    def cost(w: np.ndarray) -> tuple[float, np.ndarray]:
        there = objective.evaluate(w[None], gradient=True)
        return there.value[0], there.gradient[0]

    best = minimize(cost, np.zeros(model.n_parameters), jac=True, options={"gtol": 1e-10}).x
    theirs = weights if weights == "balanced" else dict(enumerate(weights))
    fitted = LogisticRegression(C=1 / (80 * L2), class_weight=theirs, tol=1e-10, max_iter=1000).fit(*data)
    columns = n_classes if n_classes > 2 else 1
    np.testing.assert_allclose(
        best[: 3 * columns].reshape(3, columns), fitted.coef_.T, atol=1e-6
    )  # both stop near 1e-8


def test_validation_and_test_costs_are_without_weights():
    data, held_out = part(2, 40), part(2)
    dataset = Dataset("test", data, held_out, held_out, ("a", "b", "c"), ("no", "yes"), "")
    model = REGISTRY.get("logistic")(3, 2, class_weight=[1.0, 10.0])
    budget = Training(epochs=5, record_parameters="final")
    history = train(model, dataset, [RunSpec("sgd", {"lr": 0.1, "weight_decay": 0.0}, NONE, 0)], budget)
    plain = REGISTRY.get("logistic")(3, 2)
    for name, each in (("train", model), ("validation", plain), ("test", plain)):
        samples = each.prepare(getattr(dataset, name), FLOAT)
        expected = Objective(each, samples).evaluate(history.parameters).value
        np.testing.assert_allclose(history.columns[f"{name}_cost"][-1], expected, rtol=1e-13)


@pytest.mark.parametrize("name", ["logistic", "perceptron", "softmax", "mlp"])
def test_as_many_weights_as_classes_are_wanted(name):
    with pytest.raises(UserError, match=r"model\.class_weight=\[1\.0, 2\.0, 3\.0\]: 3 weights for 2 classes"):
        REGISTRY.get(name)(3, 2, class_weight=[1.0, 2.0, 3.0])
