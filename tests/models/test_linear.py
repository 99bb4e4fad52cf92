"""Linear regression against scikit-learn and SciPy, its derivatives, and what is refused."""

import numpy as np
import pytest
from scipy.optimize import least_squares
from scipy.sparse import csr_array
from sklearn.linear_model import ElasticNet, Lasso, LinearRegression, Ridge

from optlab.core.errors import UserError
from optlab.datasets import load
from optlab.datasets.dataset import Part
from optlab.models import REGISTRY
from optlab.objective.objective import Objective
from optlab.objective.penalty import penalty
from optlab.training.l1_max import l1_max
from optlab.training.loop import RunSpec, Training, train
from optlab.training.optimum.certificate import certificate
from tests.models.test_derivatives import numerical

DELTA = 30.0


@pytest.fixture(scope="module")
def data():
    return load({"name": "diabetes", "validation_fraction": 0.0, "test_fraction": 0.0})


def trained(data, model, penalty, optimizer, steps=200, **options):
    """The run's history with its final parameters."""
    training = Training(epochs=None, max_steps=steps, record_every=steps, record_parameters="final")
    return train(model, data, [RunSpec(optimizer, options, penalty, 0)], training)


def coefficients(history):
    return history.parameters[0]


def scikit(model, data):
    fitted = model.fit(data.train.x, data.train.y)
    return np.append(fitted.coef_, fitted.intercept_)


@pytest.mark.parametrize("l2", [0.0, 0.5])
def test_least_squares_and_ridge_are_scikit_learns(data, l2):
    reference = Ridge(alpha=l2 * len(data.train.y), solver="svd") if l2 else LinearRegression()
    found = coefficients(trained(data, REGISTRY.get("linear")(10, 0), penalty(l2=l2), "newton", 5))
    np.testing.assert_allclose(found, scikit(reference, data), rtol=1e-8)


@pytest.mark.parametrize("l1, l2", [(1.0, 0.0), (1.0, 0.5)])
def test_lasso_and_elastic_net_are_scikit_learns(data, l1, l2):
    tight = {"tol": 1e-14, "max_iter": 100_000}
    net = ElasticNet(alpha=l1 + l2, l1_ratio=l1 / (l1 + l2), **tight) if l2 else Lasso(alpha=l1, **tight)
    history = trained(data, REGISTRY.get("linear")(10, 0), penalty(l1=l1, l2=l2), "coordinate_descent")
    np.testing.assert_allclose(coefficients(history), scikit(net, data), rtol=1e-8, atol=1e-8)


def test_hubers_loss_has_scipys_minimum(data):
    x = np.column_stack([data.train.x, np.ones(len(data.train.y))])
    fit = least_squares(
        lambda w: x @ w - data.train.y, np.zeros(11), jac=lambda w: x, loss="huber", f_scale=DELTA,
        xtol=1e-15, ftol=1e-15, gtol=1e-12,
    )  # fmt: skip
    model = REGISTRY.get("linear")(10, 0, loss="huber", delta=DELTA)
    found = trained(data, model, penalty(), "lbfgs")
    assert found.final("train_cost")[0] == pytest.approx(fit.cost / len(x), rel=1e-9)
    np.testing.assert_allclose(coefficients(found), fit.x, rtol=1e-5)  # SciPy ends where its cost is flat


@pytest.mark.parametrize("strengths", [{}, {"l2": 0.3}, {"l1": 2.0}, {"l1": 2.0, "l2": 0.3}])
@pytest.mark.parametrize("options", [{}, {"loss": "huber", "delta": DELTA}, {"fit_intercept": False}])
def test_the_certified_minimum_is_below_every_run_and_reached(data, options, strengths):
    model = REGISTRY.get("linear")(10, 0, **options)
    optimum = certificate(model, data, penalty(**strengths))
    assert 0 <= optimum.gap <= 1e-11 * optimum.cost
    method = "coordinate_descent" if "l1" in strengths else "lbfgs"
    cost = trained(data, model, penalty(**strengths), method).final("train_cost")[0]
    assert optimum.cost - optimum.gap <= cost <= optimum.cost * (1 + 1e-11)


def test_from_l1_max_on_all_weights_are_zero(data):
    model = REGISTRY.get("linear")(10, 0)
    most = l1_max(model, data.train)
    above, below = (
        coefficients(trained(data, model, penalty(l1=share * most), "coordinate_descent", 20))
        for share in (1.001, 0.999)
    )
    assert not above[:10].any() and np.count_nonzero(below[:10]) == 1


@pytest.mark.parametrize("loss", ["squared", "huber"])
@pytest.mark.parametrize("sparse", [False, True])
def test_derivatives_are_those_of_the_value(loss, sparse):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(12, 3))
    part = Part(csr_array(x) if sparse else x, rng.normal(size=12))
    model = REGISTRY.get("linear")(3, 0, loss=loss)
    objective = Objective(model, model.prepare(part, np.dtype(float)), penalty(l2=0.1))
    w = rng.normal(size=(2, 4))
    gradient = numerical(lambda w: objective.evaluate(w).value, w)
    # Huber's slopes have kinks, which a difference of 1e-5 may straddle
    np.testing.assert_allclose(objective.evaluate(w, gradient=True).gradient, gradient, rtol=1e-6, atol=1e-7)
    hessian = numerical(lambda w: objective.evaluate(w, gradient=True).gradient, w)
    np.testing.assert_allclose(objective.hessian(w), hessian, rtol=1e-6, atol=1e-7)
    of_w = np.einsum("rpq,rq->rp", objective.hessian(w), w)
    np.testing.assert_allclose(objective.hessian_vector(w, w), of_w, rtol=1e-12)


def test_r2_and_rmse_are_scikit_learns(data):
    from sklearn.metrics import r2_score, root_mean_squared_error

    split = load({"name": "diabetes"})
    model = REGISTRY.get("linear")(10, 0)
    history = trained(split, model, penalty(), "newton", 3)
    for name, part in (("train", split.train), ("validation", split.validation), ("test", split.test)):
        answer = model.predict(history.parameters, part.x)[0]
        assert history.final(f"{name}_r2")[0] == pytest.approx(r2_score(part.y, answer))
        assert history.final(f"{name}_rmse")[0] == pytest.approx(root_mean_squared_error(part.y, answer))
        assert np.isnan(history.final(f"{name}_accuracy")[0])


def test_classes_are_no_numbers():
    with pytest.raises(UserError, match=r"model=linear: the data set has 2 classes, .* use model=logistic"):
        REGISTRY.get("linear")(3, 2)
    with pytest.raises(UserError, match="dataset=shifts has nothing to predict"):
        REGISTRY.get("linear")(3, 1)


@pytest.mark.parametrize("name", ["logistic", "softmax", "mlp", "perceptron"])
def test_numbers_are_no_classes(name):
    with pytest.raises(UserError, match=f"model={name}: the target .* is a number, .* use model=linear"):
        REGISTRY.get(name)(3, 0)
