"""Dropout: masks, the derivatives behind them, and training with them."""

import numpy as np
import pytest

from optlab.core.options import defaults
from optlab.core.streams import Purpose, stream
from optlab.datasets.dataset import Dataset, Part
from optlab.models import REGISTRY as MODELS
from optlab.models.dropout import masks
from optlab.objective.objective import Objective
from optlab.objective.oracle import Oracle
from optlab.objective.penalty import penalty
from optlab.optimizers import REGISTRY as OPTIMIZERS
from optlab.training.loop import RunSpec, Training, train

FLOAT = np.dtype(float)


def part(n: int, seed: int) -> Part:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 3))
    return Part(x, (x @ [-1.0, 1.0, 2.0] + rng.normal(size=n) > 0).astype(int))


DATA = Dataset("test", part(40, 0), part(20, 1), part(20, 2), ("a", "b", "c"), ("no", "yes"), "")


def network(dropout: float = 0.4, activation: str = "tanh", **options):
    return MODELS.get("mlp")(3, 2, hidden=[5, 4], activation=activation, dropout=dropout, **options)


def member(optimizer: str, seed: int = 0, l2: float = 0.0, **options) -> RunSpec:
    return RunSpec(optimizer, {**defaults(OPTIMIZERS.get(optimizer)), **options}, penalty(l2=l2), seed)


@pytest.fixture(params=["sigmoid", "tanh", "elu", "gelu", "softplus", "identity"])
def objective(request: pytest.FixtureRequest) -> Oracle:
    model = network(activation=request.param, class_weight=[1.0, 3.0])
    whole = Oracle(Objective(model, model.prepare(DATA.train, FLOAT), penalty(l2=0.1)))
    return whole.batch(np.arange(12), np.random.default_rng(3))


def directional(f, w: np.ndarray, v: np.ndarray, h: float = 1e-5) -> np.ndarray:
    return (f(w + h * v) - f(w - h * v)) / (2 * h)


def test_masks_drop_the_given_share_and_keep_the_mean():
    [mask] = masks([100], 0.2, 1000, np.random.default_rng(0), FLOAT)
    assert set(np.unique(mask)) == {0.0, 1.25}
    assert abs((mask == 0).mean() - 0.2) < 0.005  # 100,000 draws: a standard deviation is 0.0013
    assert abs(mask.mean() - 1) < 0.005


def test_both_precisions_drop_the_same_units():
    double, single = (masks([7, 5], 0.5, 9, np.random.default_rng(1), np.dtype(t)) for t in ("f8", "f4"))
    for a, b in zip(double, single, strict=True):
        assert b.dtype == np.float32
        np.testing.assert_array_equal(a, b)


def test_a_dropped_unit_is_one_that_is_not_there():
    """With all masks 0 or 2, the cost is that of the network whose kept units are doubled."""
    model = network(0.5)
    w = np.random.default_rng(0).normal(size=(1, model.n_parameters))
    samples = model.prepare(part(1, 5), FLOAT)
    dropped = Objective(model, samples).batch(slice(None), np.random.default_rng(8))
    w1, b1, w2, b2, w3, b3 = np.split(w[0], np.cumsum([15, 5, 20, 4, 4]))
    a1 = np.tanh(samples.x[0] @ w1.reshape(3, 5) + b1) * dropped.samples.masks[0][:, 0]
    a2 = np.tanh(a1 @ w2.reshape(5, 4) + b2) * dropped.samples.masks[1][:, 0]
    margin = (2 * samples.y[0] - 1) * (a2 @ w3 + b3)
    np.testing.assert_allclose(dropped.evaluate(w).value, np.log1p(np.exp(-margin)), rtol=1e-13)


def test_derivatives_are_those_of_the_masked_cost(objective):
    rng = np.random.default_rng(4)
    w, v = rng.normal(size=(2, 2, objective.model.n_parameters))
    slope = (objective.gradient(w) * v).sum(1)
    # central differences of step 1e-5 err by about h^2 = 1e-10 times the third derivative
    np.testing.assert_allclose(slope, directional(objective.value, w, v), rtol=1e-6)
    product = objective.hessian_vector(w, v)
    change = directional(objective.gradient, w, v)
    assert np.linalg.norm(product - change) < 1e-6 * np.linalg.norm(change)
    hessian = objective.hessian(w)
    np.testing.assert_allclose(np.einsum("rpq,rq->rp", hessian, v), product, rtol=1e-9, atol=1e-12)


def test_the_gauss_newton_matrix_with_masks_is_nowhere_indefinite(objective):
    rng = np.random.default_rng(4)
    w = np.tile(rng.normal(size=objective.model.n_parameters), (objective.model.n_parameters, 1))
    matrix = objective.hessian_vector(w, np.eye(len(w)), gauss_newton=True)
    np.testing.assert_allclose(matrix, matrix.T, atol=1e-12)
    assert np.linalg.eigvalsh(matrix)[0] > -1e-12


def test_chunks_of_samples_keep_their_masks(objective, monkeypatch):
    w = np.random.default_rng(4).normal(size=(2, objective.model.n_parameters))
    value, gradient = objective.value_and_gradient(w)
    monkeypatch.setattr("optlab.objective.loss.CACHE_ELEMENTS", 1)
    monkeypatch.setattr("optlab.objective.loss.MIN_CHUNK", 5)
    np.testing.assert_allclose(objective.value(w), value, rtol=1e-13)
    np.testing.assert_allclose(objective.gradient(w), gradient, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("batch_size", [None, 16])
def test_a_stack_equals_its_runs_trained_alone(batch_size):
    training, model = Training(batch_size=batch_size, epochs=8), network()
    members = [
        member(name, seed=3, lr=lr) for name, lr in [("sgd", 0.5), ("adam", 0.05), ("gradient_descent", 1.0)]
    ]
    together = train(model, DATA, members, training)
    for r, single in enumerate(members):
        alone = train(model, DATA, [single], training)
        for column in ("train_cost", "validation_cost", "value_evals"):
            np.testing.assert_allclose(
                together.columns[column][:, r], alone.columns[column][:, 0], rtol=1e-9, err_msg=column
            )


@pytest.mark.parametrize("batch_size", [None, 16])
def test_runs_of_the_same_seed_see_the_same_masks_whatever_their_optimizer(batch_size):
    members = [member("sgd", 5, lr=0.1), member("momentum", 5, lr=0.1, momentum=0.0)]
    costs = train(network(), DATA, members, Training(batch_size=batch_size, epochs=5)).columns["train_cost"]
    np.testing.assert_allclose(costs[:, 0], costs[:, 1], rtol=1e-12)


def test_each_step_draws_masks_and_measures_without_them():
    """A full-batch step by hand, with the masks that the seed's stream draws."""
    model, training = network(), Training(epochs=2, record_parameters="all")
    history = train(model, DATA, [member("sgd", 7, lr=0.5)], training)
    w, samples = history.parameters, model.prepare(DATA.train, FLOAT)
    rng, plain = stream(Purpose.DROPOUT, 7), Objective(model, samples)
    for step in range(2):
        drawn = samples._replace(masks=masks([5, 4], 0.4, len(samples.y), rng, FLOAT))
        gradient = model.loss_sums(w[step], drawn, 1 / len(samples.y), gradient=True).gradient
        np.testing.assert_allclose(w[step + 1], w[step] - 0.5 * gradient, rtol=1e-13, atol=1e-15)
    expected = [plain.evaluate(point).value[0] for point in w]
    np.testing.assert_allclose(history.columns["train_cost"][:, 0], expected, rtol=1e-13)


def test_a_rate_of_zero_is_no_dropout():
    plain = MODELS.get("mlp")(3, 2, hidden=[5, 4], activation="tanh")
    costs = [
        train(model, DATA, [member("sgd", lr=0.5)], Training(batch_size=8, epochs=3)).columns["train_cost"]
        for model in (network(0.0), plain)
    ]
    np.testing.assert_array_equal(*costs)
