"""Line searches: their conditions hold, every run has its own step, rounding does not stall them."""

import numpy as np
import pytest
from scipy.optimize import minimize

from optlab.core.arrays import row_dot
from optlab.core.options import defaults
from optlab.datasets.dataset import Dataset, Part
from optlab.models import REGISTRY as MODELS
from optlab.objective.loss import mean_loss
from optlab.objective.objective import Objective
from optlab.objective.oracle import COUNTERS, Oracle
from optlab.objective.penalty import penalty
from optlab.optimizers import REGISTRY
from optlab.optimizers.linesearch import Line, backtracking, decrease, strong_wolfe
from optlab.training.loop import RunSpec, Training, train
from tests.optimizers.test_contract import strongly_convex

R = 6


def network(runs: int = R) -> tuple[Oracle, np.ndarray]:
    """A problem that is not convex."""
    rng = np.random.default_rng(0)
    model = MODELS.get("mlp")(3, 3, hidden=[5], activation="tanh")
    samples = model.prepare(Part(rng.normal(size=(40, 3)), np.arange(40) % 3), np.dtype(float))
    objective = Oracle(Objective(model, samples, penalty(l2=1e-3)), runs)
    return objective, rng.normal(size=(runs, model.n_parameters))


@pytest.mark.parametrize("first", [1e-3, 1.0, 100.0])
@pytest.mark.parametrize("curvature", [0.1, 0.9])
def test_strong_wolfe_steps_satisfy_both_conditions(first, curvature):
    objective, w = network()
    value, g = objective.value_and_gradient(w)
    slope = -row_dot(g, g)[:, 0]
    step = strong_wolfe(Line(objective, w, -g, value, slope), first, 1e-4, curvature)
    there, g_there = objective.value_and_gradient(w - step[:, None] * g)
    assert (step > 0).all()
    assert (there <= value + 1e-4 * step * slope).all()
    assert (np.abs(row_dot(g_there, -g)[:, 0]) <= -curvature * slope).all()


def test_every_run_has_its_own_step_and_stops_being_evaluated_when_it_is_found():
    objective, w = network()
    value, g = objective.value_and_gradient(w)
    slope = -row_dot(g, g)[:, 0]
    first = np.geomspace(1e-3, 1e3, R)[:, None]
    before = objective.counts[COUNTERS.index("value_evals")].copy()
    line = Line(objective, w, -g, value, slope)
    together = strong_wolfe(line, first, 1e-4, 0.1)
    evaluations = objective.counts[COUNTERS.index("value_evals")] - before
    assert len(set(evaluations)) > 1
    for r in range(R):
        alone = strong_wolfe(line.select_runs(np.array([r])), first[[r]], 1e-4, 0.1)
        np.testing.assert_allclose(together[r], alone[0], rtol=1e-9)  # to rounding


def test_a_direction_that_ascends_or_is_not_finite_gets_a_step_of_zero():
    objective, w = network(3)
    value, g = objective.value_and_gradient(w)
    direction = np.stack([g[0], -g[1], np.full_like(g[2], np.nan)])
    slope = row_dot(g, direction)[:, 0]
    step = strong_wolfe(Line(objective, w, direction, value, slope), 1.0, 1e-4, 0.9)
    assert step[0] == step[2] == 0 < step[1]


def test_an_overflowing_step_is_shortened():
    objective, w = network()
    value, g = objective.value_and_gradient(w)
    slope = -row_dot(g, g)[:, 0]
    with np.errstate(all="ignore"):
        step = strong_wolfe(Line(objective, w, -g, value, slope), 1e12, 1e-4, 0.9)
    assert (objective.value(w - step[:, None] * g) < value).all()


class Wave:
    """J(w) = 1 + d (w - sin(2 pi w) / pi): from 0 to 1 it falls, rises and falls, in all by -d."""

    def __init__(self, d: float) -> None:
        self.d = d

    def select_runs(self, index: np.ndarray) -> "Wave":
        return self

    def value(self, w: np.ndarray) -> np.ndarray:
        return 1 + self.d * (w - np.sin(2 * np.pi * w) / np.pi)[:, 0]

    def value_and_gradient(self, w: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return self.value(w), self.d * (1 - 2 * np.cos(2 * np.pi * w))


@pytest.mark.parametrize("d", [1e-3, 1e-7, 1e-9, 1e-11])
def test_a_rise_above_rounding_is_seen_where_both_slopes_fall(d):
    """At 0 and at 1 the slope is -d, as if J fell by d between them; it rises by d."""
    objective, w, ahead = Wave(d), np.zeros((1, 1)), np.ones((1, 1))
    value, g = objective.value_and_gradient(w)
    assert decrease(objective, w, ahead, value, g[:, 0])[0] == pytest.approx(-d, rel=1e-3)
    line = Line(objective, w, ahead, value, g[:, 0])
    assert backtracking(line, 1.0, 1e-4)[0] == 0.25  # J(1/4) = 1 - 0.068 d
    with np.errstate(all="ignore"):  # no cubic has a minimum between some points
        step = strong_wolfe(line, 1.0, 1e-4, 0.9)
    assert objective.value(step[:, None])[0] < 1


def test_a_decrease_below_the_rounding_of_the_values_is_still_measured():
    objective = strongly_convex(1)
    w = minimize(
        lambda v: objective.value(v[None])[0],
        np.zeros(4),
        jac=lambda v: objective.gradient(v[None])[0],
        options={"gtol": 1e-13},
    ).x[None]
    change = np.array([[1e-9, -2e-9, 0.0, 1e-9]])
    slope = row_dot(objective.gradient(w), change)[:, 0]
    expected = -slope - (change * objective.hessian_vector(w, change)).sum(1) / 2  # about -1e-18
    np.testing.assert_allclose(decrease(objective, w, change, objective.value(w), slope), expected, rtol=1e-4)


@pytest.mark.parametrize("lr", [0.3, 1.0])
def test_newtons_line_search_does_not_stall_near_the_optimum(lr):
    from sklearn.datasets import load_breast_cancer

    x, y = load_breast_cancer(return_X_y=True)
    x = (x - x.mean(0)) / x.std(0)
    model = MODELS.get("logistic")(30, 2)
    objective = Oracle(Objective(model, model.prepare(Part(x, y), np.dtype(float)), penalty(l2=1e-4)))
    rule, w = REGISTRY.get("newton")(lr=lr), np.zeros((1, 31))
    state = rule.init(w, objective)
    for _ in range(150):
        w, state = rule.update(w, state, objective)
    assert objective.counts[COUNTERS.index("value_evals"), 0] < 150 * 4
    assert np.abs(objective.gradient(w)).max() < 1e-14


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("gradient_descent", {"line_search": "backtracking"}),
        ("gradient_descent", {"line_search": "strong_wolfe"}),
        ("nonlinear_cg", {}),
        ("lbfgs", {"line_search": "strong_wolfe"}),
        ("lbfgs", {"line_search": "backtracking"}),
    ],
)
def test_descent_methods_end_at_the_minimum_that_scipy_finds(name, options):
    objective, w = strongly_convex(1), np.ones((1, 4))
    best = minimize(
        lambda v: objective.value(v[None])[0],
        w[0],
        jac=lambda v: objective.gradient(v[None])[0],
        method="BFGS",
        options={"gtol": 1e-12},
    )
    rule = REGISTRY.get(name)(**options)
    state = rule.init(w, objective)
    for _ in range(60):
        w, state = rule.update(w, state, objective)
    np.testing.assert_allclose(w[0], best.x, atol=1e-9)


@pytest.mark.parametrize("name", ["lbfgs", "nonlinear_cg", "newton_cg"])
def test_the_point_where_a_search_ends_is_computed_once_and_counted_once(name, monkeypatch):
    passes = []

    def counting(*arguments, **options):
        passes.append(1)
        return mean_loss(*arguments, **options)

    monkeypatch.setattr("optlab.objective.objective.mean_loss", counting)
    rng = np.random.default_rng(0)
    part, nothing = (
        Part(rng.normal(size=(40, 3)), np.arange(40) % 2),
        Part(np.empty((0, 3)), np.empty(0, int)),
    )
    dataset = Dataset("toy", part, nothing, nothing, ("a", "b", "c"), ("0", "1"), "")
    member = RunSpec(name, defaults(REGISTRY.get(name)), penalty(l2=0.1), 0)
    training = Training(epochs=4, record_every=1)
    history = train(MODELS.get("logistic")(3, 2), dataset, [member], training)
    assert history.columns["gradient_evals"][-1, 0] == len(passes)


def test_backtracking_tries_halves_of_the_first_step():
    objective, w = network()
    value, g = objective.value_and_gradient(w)
    step = backtracking(Line(objective, w, -g, value, -row_dot(g, g)[:, 0]), 64.0, 1e-4)
    np.testing.assert_array_equal(np.log2(step), np.round(np.log2(step)))
