"""The constants of smoothness against eigenvalues of Hessians, where these are largest."""

import numpy as np
import pytest
from scipy import sparse

from optlab.datasets.dataset import Part
from optlab.models import REGISTRY
from optlab.models.smoothness import Smoothness, smoothness
from optlab.objective.objective import Objective
from optlab.objective.oracle import Oracle

N = 20
CASES = [
    ("logistic", 3, 2, True),
    ("logistic", 1, 2, False),
    ("logistic", 80, 2, True),  # so many that Lanczos's method serves
    ("softmax", 3, 2, False),
    ("softmax", 3, 4, True),
]


def problem(name: str, d: int, classes: int, intercept: bool, **options) -> tuple[Oracle, np.ndarray]:
    """A mean loss and its inputs (n, d)."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(N, d)) * (rng.random((N, d)) < 0.7) + 0.5
    model = REGISTRY.get(name)(d, classes, fit_intercept=intercept, **options)
    return Oracle(Objective(model, model.prepare(Part(x, np.arange(N) % classes), np.dtype(float)))), x


def undecided(objective: Oracle) -> np.ndarray:
    """Parameters at which two classes have probability 1/2 each."""
    w = np.zeros((1, objective.model.n_parameters))
    others = objective.model.n_classes - 2
    w[0, len(w[0]) - others :] = -100.0  # their biases
    return w


def steepest(objective: Oracle, w: np.ndarray) -> float:
    return np.linalg.eigvalsh(objective.hessian(w)[0])[-1]


@pytest.mark.parametrize("case", CASES)
def test_the_bounds_are_reached_where_two_classes_are_equally_likely_and_exceeded_nowhere(case):
    objective, x = problem(*case)
    known, w = smoothness(objective.model, x), undecided(objective)
    assert steepest(objective, w) == pytest.approx(known.L, rel=1e-10)
    singles = [steepest(objective.batch([i]), w) for i in range(N)]
    assert known.L_max == pytest.approx(max(singles), rel=1e-10)
    elsewhere = np.random.default_rng(2).normal(size=w.shape)
    assert steepest(objective, elsewhere) < known.L


def test_weights_of_samples_count():
    objective, x = problem("logistic", 3, 2, True, class_weight=[1.0, 5.0])
    known, w = smoothness(objective.model, x, objective.objective.samples.weight), undecided(objective)
    assert steepest(objective, w) == pytest.approx(known.L, rel=1e-10)
    assert known.L_max == pytest.approx(max(steepest(objective.batch([i]), w) for i in range(N)), rel=1e-10)


@pytest.mark.parametrize("case", CASES)
def test_sparse_inputs_give_the_constants_of_dense_ones(case):
    objective, x = problem(*case)
    np.testing.assert_allclose(
        smoothness(objective.model, sparse.csr_array(x)), smoothness(objective.model, x), rtol=1e-12
    )


def test_the_curvature_of_a_penalty_is_added_to_both():
    assert Smoothness(1.0, 2.0).with_penalty(0.5) == Smoothness(1.5, 2.5)


@pytest.mark.parametrize(
    "name, options",
    [("logistic", {"loss": "mse"}), ("softmax", {"loss": "mse"}), ("mlp", {"hidden": [], "loss": "mse"})],
)
def test_costs_that_are_not_convex_have_no_bound(name, options):
    assert REGISTRY.get(name)(3, 2, **options).curvature_bound is None
