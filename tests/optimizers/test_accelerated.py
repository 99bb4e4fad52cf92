"""Accelerated methods: the rates that theory promises on quadratics, and other forms of the same methods."""

import numpy as np
import pytest

from optlab.core.errors import UserError
from optlab.core.options import defaults
from optlab.models import REGISTRY as MODELS
from optlab.objective.penalty import NONE, penalty
from optlab.optimizers import REGISTRY
from optlab.optimizers.heavy_ball_optimal import heavy_ball_optimal
from optlab.optimizers.nesterov_restart import nesterov_restart
from optlab.optimizers.nesterov_strong import nesterov_strong
from optlab.optimizers.ogm import ogm
from optlab.training.loop import RunSpec, Training, train
from tests.optimizers.quadratic import Quadratic, steps
from tests.optimizers.test_contract import starts, strongly_convex, trajectory
from tests.test_consistency import data

MU, L = 0.01, 4.0
CURVATURES = np.geomspace(MU, L, 12)
START = np.ones(12)


def gaps(points):
    return Quadratic(*CURVATURES).value(np.array(points))


def test_nesterov_strong_falls_at_the_rate_of_theory():
    path = np.array(steps(nesterov_strong(lr=1 / L, mu=MU), Quadratic(*CURVATURES), START, 200))
    x = path - CURVATURES * path / L  # where the theorem holds
    k = np.arange(2, 202)
    bound = (1 - np.sqrt(MU / L)) ** k * (gaps([START]) + MU / 2 * 12)
    assert (gaps(x) <= bound).all()


def test_the_heavy_ball_falls_by_the_optimal_factor():
    lr = 4 / (np.sqrt(L) + np.sqrt(MU)) ** 2
    path = steps(heavy_ball_optimal(lr=lr, mu=MU), Quadratic(*CURVATURES), START, 300)
    factor = (np.sqrt(L) - np.sqrt(MU)) / (np.sqrt(L) + np.sqrt(MU))
    errors = np.linalg.norm(path, axis=1)
    # a double root at both ends of the spectrum: the factor's power times the step
    np.testing.assert_allclose((errors[299] / errors[199]) ** 0.01, factor * 1.5**0.01, rtol=1e-3)


def test_ogm_is_the_method_with_the_optimal_coefficients():
    """Kim and Fessler, 2016: w_{i+1} = w_i - lr * sum_k h_{i+1,k} g(w_k)."""
    objective, w, lr = strongly_convex(1), starts(1), 0.5
    theta = [1.0]
    for _ in range(10):
        theta.append((1 + np.sqrt(1 + 4 * theta[-1] ** 2)) / 2)
    path, gradients, h = [w], [], np.zeros((11, 11))
    for i in range(10):
        gradients.append(objective.gradient(path[-1]))
        for k in range(i):
            h[i + 1, k] = (2 * theta[k] - h[k + 1 : i + 1, k].sum()) / theta[i + 1]
        h[i + 1, i] = 1 + (2 * theta[i] - 1) / theta[i + 1]
        path.append(path[-1] - lr * sum(h[i + 1, k] * gradients[k] for k in range(i + 1)))
    np.testing.assert_allclose(trajectory(ogm(lr=lr), w, objective, 10), path[1:], rtol=1e-12)


def test_without_restarts_the_momentum_of_1983_grows_for_ever():
    objective, x, w, t = strongly_convex(1), starts(1), starts(1), 1.0
    expected = []
    for _ in range(20):
        x, before = w - 0.5 * objective.gradient(w), x
        t, last = (1 + np.sqrt(1 + 4 * t**2)) / 2, t
        w = x + (last - 1) / t * (x - before)
        expected.append(w)
    path = trajectory(nesterov_restart(lr=0.5, restart="none"), starts(1), objective, 20)
    np.testing.assert_allclose(path, expected, rtol=1e-12)


@pytest.mark.parametrize("restart", ["function", "gradient"])
def test_restarts_find_the_strong_convexity_by_themselves(restart):
    ends = {
        which: gaps(steps(nesterov_restart(lr=1 / L, restart=which), Quadratic(*CURVATURES), START, 400))[-1]
        for which in (restart, "none")
    }
    assert ends[restart] < 1e-12 < 1e-8 < ends["none"]


def test_a_restart_takes_the_momentum_away():
    rule, objective = nesterov_restart(lr=0.1, restart="function"), Quadratic(1)
    w = np.array([[1.0]])
    state = rule.init(w, objective)
    while objective.value(w)[0] <= state.value[0]:
        w, state = rule.update(w, state, objective)
    np.testing.assert_allclose(rule.update(w, state, objective)[0], w - 0.1 * w, rtol=1e-15)


def test_mu_is_that_of_the_penalty_of_each_run():
    dataset, model = data("dense"), MODELS.get("logistic")(4, 2)
    options = {**defaults(REGISTRY.get("nesterov_strong")), "lr": 0.1}
    runs = [RunSpec("nesterov_strong", {**options, "mu": "auto"}, penalty(l2=l2), 0) for l2 in (0.1, 0.5)]
    runs += [run._replace(options={**options, "mu": l2}) for run, l2 in zip(runs, (0.1, 0.5), strict=True)]
    history = train(model, dataset, runs, Training(epochs=None, max_steps=20))
    cost = history.columns["train_cost"]
    np.testing.assert_array_equal(cost[:, :2], cost[:, 2:])


def test_mu_of_no_penalty_is_refused():
    run = RunSpec("nesterov_strong", {"lr": 0.1, "mu": "auto"}, NONE, 0)
    with pytest.raises(UserError, match=r"^optimizer\.mu=auto: .* set model\.l2, .*=nesterov_restart"):
        train(MODELS.get("logistic")(4, 2), data("dense"), [run], Training())
