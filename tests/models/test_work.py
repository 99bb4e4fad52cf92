"""Work that was worked out by hand, in multiply-adds of a product of a matrix and a vector."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from optlab.datasets.dataset import Part
from optlab.models import REGISTRY
from optlab.models.work import factorization, gram, work
from optlab.objective.objective import Objective

N = 10


def samples_of(model, x):
    return model.prepare(Part(x, np.arange(N) % model.n_classes), np.dtype(float))


def works(name, classes, x, **options):
    """By answer, the work on N samples without that on vectors of parameters."""
    model = REGISTRY.get(name)(x.shape[1], classes, **options)
    samples = samples_of(model, x)
    return lambda answer: model.work(samples, answer)


X = np.ones((N, 3))


def test_logistic_regression_by_hand():
    """3 features, a one and a column that breaks ties; a loss and its slope are two functions."""
    of = works("logistic", 2, X)
    once, losses = 5 * N, 20 * N
    assert [of(a) for a in ("value", "slopes", "curvature")] == [once + losses] * 3
    assert of("gradient") == 2 * once + losses == of("slopes") + of("gradient_from_slopes")
    assert of("product") == 2 * once
    assert of("hessian") == once + losses + 5 * N * (5 / 2 + 4)


def test_softmax_by_hand():
    """Of 3 scores there are 6 pairs, each with a sum of outer products."""
    of = works("softmax", 3, X)
    assert of("value") == 3 * 3 * N + 10 * N * 6
    assert of("gradient") == 2 * 3 * 3 * N + 10 * N * 6
    assert of("product") == 3 * 3 * 3 * N + 10 * N * 18
    assert of("hessian") == 3 * 3 * N + 10 * N * 18 + 6 * 3 * N * (3 / 2 + 4)


def test_a_network_by_hand():
    """3-4-2-1: 12 weights in the first layer, 8 + 2 above, 7 units of which one is an output."""
    of = works("mlp", 2, X, hidden=[4, 2])
    assert of("value") == (12 + 10 + 10 * 8) * N
    assert of("gradient") == (2 * 12 + 3 * 10 + 10 * 14) * N
    assert of("product") == (3 * 12 + 8 * 10 + 10 * 42) * N
    assert of("hessian") == 29 * of("product")


def test_sparse_samples_cost_by_what_is_stored():
    """One feature in a row, the one, and the tie of half of the rows."""
    x = np.zeros((N, 1000))
    x[:, 7] = 1
    of = works("logistic", 2, csr_array(x))
    assert of("value") == 25 * 6 + 20 * N
    assert works("softmax", 2, csr_array(x))("value") == N * (4 + 2 * 2) + 10 * N * 4


@pytest.mark.parametrize("d, stored", [(2, True), (1000, False)])
def test_sparse_hessians_cost_by_the_products_of_features(d, stored):
    x = np.zeros((N, d))
    x[:, :2] = 1
    model = REGISTRY.get("logistic")(d, 2)
    a = samples_of(model, csr_array(x)).x
    if stored:  # 3 or 4 numbers in a row
        assert gram(a) == 8 * (5 * 6 + 5 * 10)
    else:
        assert gram(a) == 100 * (5 * 9 + 5 * 16) + a.shape[1] ** 2


def test_products_with_a_hessian_that_is_formed_cost_its_elements():
    x = np.ones((N, 2))
    model = REGISTRY.get("logistic")(2, 2)
    dense, sparse = (Objective(model, samples_of(model, data)) for data in (x, csr_array(x)))
    assert sparse.operator_work() == (sparse.work("hessian"), 9)
    assert dense.operator_work() == (dense.work("curvature"), dense.work("product"))
    assert sparse.operator_work(gauss_newton=True) == (sparse.work("curvature"), sparse.work("product"))


def test_vectors_of_parameters_count_beside_the_samples():
    model = REGISTRY.get("logistic")(3, 2)
    samples = samples_of(model, X)
    assert work(model, samples, "gradient") == model.work(samples, "gradient") + 8 * 4
    assert factorization(6) == 18


def test_of_a_model_that_states_nothing_nothing_is_known():
    class Silent:
        n_parameters = 3

    assert np.isnan(work(Silent(), samples_of(REGISTRY.get("logistic")(3, 2), X), "value"))
