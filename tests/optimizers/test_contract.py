"""What every registered optimizer promises; a new one is tested by being there."""

from typing import get_args

import numpy as np
import pytest

from optlab.core.options import defaults, number_options
from optlab.datasets.dataset import Part
from optlab.models import REGISTRY as MODELS
from optlab.models import passes
from optlab.objective.objective import Objective
from optlab.objective.oracle import Oracle
from optlab.objective.penalty import penalty
from optlab.optimizers import REGISTRY, asks
from optlab.optimizers.rule import Asks
from optlab.training.block import select_rows

R, STEPS = 4, 12


def strongly_convex(runs: int = R, name: str = "sgd") -> Oracle:
    """Two classes, 30 samples of 3 features, an L2 penalty; softmax for methods that ask for matrices."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(30, 3))
    y = (x @ [1.0, -2.0, 0.5] + rng.normal(size=30) > 0).astype(int)
    model = MODELS.get("softmax" if "matrices" in asks(name) else "logistic")(3, 2)
    return Oracle(Objective(model, model.prepare(Part(x, y), np.dtype(float)), penalty(l2=0.1)), runs)


def starts(runs: int = R, name: str = "sgd") -> np.ndarray:
    return np.random.default_rng(1).normal(size=(runs, strongly_convex(name=name).model.n_parameters))


def options_per_run(name: str, runs: int = R) -> dict:
    """Default options, each number differing a little from run to run."""
    factory = REGISTRY.get(name)
    options = defaults(factory)
    spread = np.linspace(0.9, 1.0, runs)[:, None]
    numbers = {k for k in number_options(factory) if options[k] != "auto"}
    return {k: v * spread if k in numbers else v for k, v in options.items()}


def trajectory(rule, w: np.ndarray, objective: Oracle, steps: int = STEPS) -> np.ndarray:
    """Parameters after every step (steps, R, P)."""
    state, path = rule.init(w, objective), []
    for _ in range(steps):
        w, state = rule.update(w, state, objective)
        path.append(w)
    return np.stack(path)


@pytest.fixture(params=REGISTRY.names())
def name(request: pytest.FixtureRequest) -> str:
    return request.param


def test_a_stack_equals_its_runs_one_by_one(name: str):
    options, w, objective = options_per_run(name), starts(name=name), strongly_convex(name=name)
    stacked = trajectory(REGISTRY.get(name)(**options), w, objective)
    for r in range(R):
        alone = {k: v[[r]] if isinstance(v, np.ndarray) else v for k, v in options.items()}
        path = trajectory(REGISTRY.get(name)(**alone), w[[r]], strongly_convex(1, name))
        np.testing.assert_allclose(
            path[:, 0], stacked[:, r], rtol=1e-9, atol=1e-12
        )  # DESIGN: equal to rounding


def test_permuting_runs_permutes_the_results(name: str):
    options, w, order = options_per_run(name), starts(name=name), np.array([2, 0, 3, 1])
    straight = trajectory(REGISTRY.get(name)(**options), w, strongly_convex(name=name))
    permuted = trajectory(
        REGISTRY.get(name)(**select_rows(options, order)), w[order], strongly_convex(name=name)
    )
    np.testing.assert_allclose(permuted, straight[:, order], rtol=1e-9, atol=1e-12)


def test_a_run_that_is_not_finite_leaves_its_neighbours_alone(name: str):
    rule, w = REGISTRY.get(name)(**defaults(REGISTRY.get(name))), starts(name=name)
    sound = trajectory(rule, w, strongly_convex(name=name))
    w[1] = np.nan
    w[2] = 1e300
    with np.errstate(all="ignore"):
        broken = trajectory(rule, w, strongly_convex(name=name))
    # a line search then evaluates fewer rows together, whose products round differently, and may amplify that
    np.testing.assert_allclose(broken[:, [0, 3]], sound[:, [0, 3]], rtol=1e-9, atol=1e-12)


def test_inputs_are_not_modified(name: str):
    objective = strongly_convex(name=name)
    rule, w = REGISTRY.get(name)(**options_per_run(name)), starts(name=name)
    state = rule.init(w, objective)
    for _ in range(3):
        fixed = [getattr(state, field) for field in getattr(state, "_fields", ()) if field != "table"]
        before, arrays = w.copy(), [a.copy() for a in fixed if isinstance(a, np.ndarray)]
        new_w, new_state = rule.update(w, state, objective)
        np.testing.assert_array_equal(w, before)
        for array, copy in zip([a for a in fixed if isinstance(a, np.ndarray)], arrays, strict=True):
            np.testing.assert_array_equal(array, copy)
        w, state = new_w, new_state


def test_runs_can_leave_the_stack(name: str):
    options, w = options_per_run(name), starts(name=name)
    full = trajectory(REGISTRY.get(name)(**options), w, strongly_convex(name=name), 6)
    keep, objective = np.array([True, False, True, False]), strongly_convex(name=name)
    rule = REGISTRY.get(name)(**options)
    state = rule.init(w, objective)
    for _ in range(3):
        w, state = rule.update(w, state, objective)
    rule = REGISTRY.get(name)(**select_rows(options, keep))
    w, state, objective = w[keep], select_rows(state, keep), objective.select_runs(keep)
    for _ in range(3):
        w, state = rule.update(w, state, objective)
    np.testing.assert_allclose(w, full[-1][keep], rtol=1e-9, atol=1e-12)


def test_single_precision_stays_single(name: str):
    objective = strongly_convex(name=name)
    samples = objective.objective.samples._replace(x=objective.objective.samples.x.astype(np.float32))
    objective = Oracle(Objective(objective.model, samples, penalty(l2=0.1)), R)
    w = trajectory(REGISTRY.get(name)(), starts(name=name).astype(np.float32), objective, 3)
    assert w.dtype == np.float32


class Noting(Oracle):
    """Notes what it is asked."""

    def __getattribute__(self, name: str):
        words = {"value_and_gradient": ["value", "gradient"], "hessian_operator": ["hessian_vector"]}
        if name in get_args(Asks) or name in words or name == "uniform":
            self.asked.update(words.get(name, [name]))
        return super().__getattribute__(name)


def test_it_asks_what_it_declares_and_makes_no_pass_of_its_own(name: str):
    objective, w = strongly_convex(name=name).objective, starts(name=name)
    strength = 0.1 if asks(name) & {"prox", "l1"} else 0.0
    oracle = Noting(Objective(objective.model, objective.samples, penalty(l2=0.1, l1=strength)), R)
    oracle.asked = set()
    rule = REGISTRY.get(name)()
    before = passes.made()
    state = rule.init(w, oracle)
    for start in range(0, 30, 10):
        w, state = rule.update(w, state, oracle.batch(slice(start, start + 10)))
    assert passes.made() == before  # of those that it did not ask for
    drawn = {"uniform"} if REGISTRY.entry(name).draws else set()
    assert oracle.asked == drawn | {
        "gradient" if what == "gradient_elsewhere" else what for what in asks(name)
    }
