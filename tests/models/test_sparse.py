"""Sparse samples give what the same samples give as a dense array, and are never made dense."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from optlab.core.options import defaults
from optlab.datasets.dataset import Dataset, Part
from optlab.models import REGISTRY
from optlab.models import sparse as module
from optlab.models.sparse import SparseMatrix
from optlab.objective.objective import Objective
from optlab.objective.oracle import Oracle
from optlab.objective.penalty import penalty
from optlab.optimizers import REGISTRY as OPTIMIZERS
from optlab.optimizers import asks
from optlab.training.loop import RunSpec, Training, train

N, D, R = 60, 5, 3
MODELS = [
    ("logistic", 2, {}),
    ("logistic", 2, {"fit_intercept": False, "loss": "mse"}),
    ("logistic", 2, {"class_weight": [1.0, 3.0]}),
    ("softmax", 3, {}),
    ("mlp", 2, {"hidden": [4], "activation": "tanh"}),
]


def matrix(n: int = N) -> csr_array:
    """Random rows, the first of them empty, a feature that never occurs, and zeros that are stored."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(n, D)) * (rng.random((n, D)) < 0.5)
    x[0], x[:, 3] = 0, 0
    stored = csr_array(x)
    stored.data[5] = 0
    return stored


def both(name: str, classes: int, options: dict, dtype: type = float) -> tuple[Oracle, Oracle, np.ndarray]:
    """The same objective on dense and on sparse samples, and parameters of R runs."""
    x, y = matrix(), np.arange(N) % classes
    model = REGISTRY.get(name)(D, classes, **options)
    w = np.random.default_rng(1).normal(size=(R, model.n_parameters)).astype(dtype)
    dense, sparse = (
        Oracle(Objective(model, model.prepare(Part(part, y), np.dtype(dtype)), penalty(l2=0.1)), R)
        for part in (x.toarray(), x)
    )
    assert isinstance(sparse.objective.samples.x, SparseMatrix)
    return dense, sparse, w


@pytest.mark.parametrize("name, classes, options", MODELS)
def test_values_and_derivatives_are_those_of_dense_data(name, classes, options, monkeypatch):
    dense, sparse, w = both(name, classes, options)
    v = np.random.default_rng(2).normal(size=w.shape)
    runs = np.array([2, 0])
    for chunk in (10**6, 7):  # samples in a pass; sums of parts round in another order
        monkeypatch.setattr("optlab.objective.loss.MIN_CHUNK", chunk)
        monkeypatch.setattr("optlab.objective.loss.CACHE_ELEMENTS", 1)
        for of in (
            lambda o: o.value(w),
            lambda o: o.gradient(w),
            lambda o: o.objective.evaluate(w, accuracy=True).accuracy,
            lambda o: o.hessian(w),
            lambda o: o.hessian_vector(w, v),
            lambda o: o.hessian_vector(w, v, gauss_newton=True),
            lambda o: o.hessian_operator(w)(runs, v[runs]),
            lambda o: o.hessian_operator(w, gauss_newton=True)(runs, v[runs]),
            lambda o: o.batch(np.array([3, 0, 41])).gradient(w),
        ):
            np.testing.assert_allclose(of(sparse), of(dense), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name, classes, options", MODELS)
def test_predictions_are_those_of_dense_data(name, classes, options):
    model = REGISTRY.get(name)(D, classes, **options)
    w = np.random.default_rng(1).normal(size=(R, model.n_parameters))
    x = matrix()
    np.testing.assert_allclose(model.probabilities(w, x), model.probabilities(w, x.toarray()), rtol=1e-12)
    np.testing.assert_array_equal(model.predict(w, x), model.predict(w, x.toarray()))


def test_a_score_of_zero_predicts_label_0():
    for objective in both("logistic", 2, {})[:2]:
        accuracy = objective.objective.evaluate(np.zeros((R, D + 1)), accuracy=True).accuracy
        assert accuracy.tolist() == [0.5] * R


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name, classes, options", MODELS)
def test_numbers_keep_the_precision_of_the_run(name, classes, options, dtype):
    _, sparse, w = both(name, classes, options, dtype)
    value, g = sparse.value_and_gradient(w)
    assert (value.dtype, g.dtype, sparse.hessian_vector(w, w).dtype) == (np.float64, dtype, dtype)


@pytest.mark.parametrize("most", [0, 10**6])
def test_a_weighted_gram_matrix_is_the_sum_of_outer_products_of_rows(most, monkeypatch):
    monkeypatch.setattr(module, "MAX_PRODUCTS", most)
    x, weights = SparseMatrix(matrix()), np.random.default_rng(3).normal(size=(N, R))
    assert (x.row_products is None) == (most == 0)
    dense = matrix().toarray()
    expected = np.einsum("ij,ik,ir->rjk", dense, dense, weights)
    np.testing.assert_allclose(x.gram(weights), expected, rtol=1e-12, atol=1e-14)
    part = slice(10, 31)
    expected = np.einsum("ij,ik,ir->rjk", dense[part], dense[part], weights[part])
    np.testing.assert_allclose(x[part].gram(weights[part]), expected, rtol=1e-12, atol=1e-14)


def test_wide_data_keep_no_products_of_features():
    wide = csr_array((np.ones(3), ([0, 1, 2], [0, 500, 999])), shape=(3, 1000))
    assert SparseMatrix(wide).row_products is None


def test_slices_share_memory_and_are_made_once():
    x = SparseMatrix(matrix())
    assert x[10:20] is x[10:20]
    assert np.shares_memory(x[10:20].csr.data, x.csr.data)
    assert x[:] is x


METHODS = ("gradient_descent", "adam", "lbfgs", "newton", "newton_cg", "svrg", "saga", "nonlinear_cg")


@pytest.mark.parametrize("model, classes", [("logistic", 2), ("softmax", 3)])
@pytest.mark.parametrize("batch_size", [None, 16])
def test_trajectories_are_those_of_dense_data(model, classes, batch_size):
    x, y = matrix(), np.arange(N) % classes
    built = REGISTRY.get(model)(D, classes)
    methods = [m for m in METHODS if batch_size is None or not {"value", "hessian"} & asks(m)]
    members = [
        RunSpec(m, defaults(OPTIMIZERS.get(m)) | RATES.get(m, {}), penalty(l2=0.05), 0) for m in methods
    ]
    columns = []
    for part in (x.toarray(), x):
        train_part, held_out = Part(part[:50], y[:50]), Part(part[50:], y[50:])
        dataset = Dataset("toy", train_part, held_out, held_out, tuple("abcde"), tuple("xyz")[:classes], "")
        training = Training(epochs=12, batch_size=batch_size)
        columns.append(train(built, dataset, members, training).columns)
    for name in ("train_cost", "train_accuracy", "validation_cost", "test_accuracy", "grad_norm"):
        np.testing.assert_allclose(columns[1][name], columns[0][name], rtol=1e-8, atol=1e-9, err_msg=name)


RATES: dict[str, dict] = {"adam": {"lr": 0.1}, "svrg": {"lr": 0.1}, "saga": {"lr": 0.1}}
