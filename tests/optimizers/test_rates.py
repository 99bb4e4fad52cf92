"""optimizer.lr=auto: the step sizes of theory."""

import numpy as np
import pytest

from optlab.core.errors import UserError
from optlab.core.options import defaults
from optlab.models import REGISTRY as MODELS
from optlab.models.smoothness import smoothness
from optlab.objective.penalty import NONE, penalty
from optlab.optimizers import REGISTRY
from optlab.training.loop import RunSpec, Training, train
from optlab.training.schedules import linear
from tests.test_consistency import data, optimum

BY_L = ("gradient_descent", "ista", "fista", "nesterov_strong", "ogm", "nesterov_restart")
BY_L_MAX = {
    "svrg": 10,
    "prox_svrg": 10,
    "saga": 3,
    "prox_saga": 3,
    "sag": 16,
    "l_svrg": 6,
    "sarah": 2,
    "katyusha": 3,
}
METHODS = (*BY_L, *BY_L_MAX, "heavy_ball_optimal")


def member(name: str, l2: float, **options) -> RunSpec:
    return RunSpec(name, {**defaults(REGISTRY.get(name)), "lr": "auto", **options}, penalty(l2=l2), 0)


def test_every_method_with_a_step_size_from_theory_is_tested_here():
    assert {name for name in REGISTRY.names() if REGISTRY.entry(name).auto} == set(METHODS)


def test_every_run_has_the_rate_of_its_own_penalty_and_reports_it():
    dataset = data("dense")
    model = MODELS.get("logistic")(4, 2)
    known = smoothness(model, dataset.train.x)
    members = [member(name, l2) for l2 in (0.0, 0.5) for name in METHODS]
    members.append(RunSpec("saga", {"lr": 0.25}, NONE, 0))
    members.append(RunSpec("newton", defaults(REGISTRY.get("newton")) | {"lr": 1.0}, NONE, 0))
    history = train(model, dataset, members, Training(batch_size=20, epochs=1))
    expected: list[float] = []
    for l2 in (0.0, 0.5):
        own = known.with_penalty(l2)
        expected += [1 / own.L] * len(BY_L) + [1 / (factor * own.L_max) for factor in BY_L_MAX.values()]
        expected.append(4 / (np.sqrt(own.L) + np.sqrt(l2)) ** 2)
    np.testing.assert_allclose(history.lr, [*expected, 0.25, 1.0], rtol=1e-12)


def test_gradient_descent_lowers_the_cost_in_every_step_and_a_schedule_scales_it():
    dataset, model = data("dense"), MODELS.get("logistic")(4, 2)
    auto = member("gradient_descent", 0.05, line_search="none")
    history = train(model, dataset, [auto], Training(epochs=None, max_steps=50, record_every=1))
    assert (np.diff(history.columns["train_cost"][:, 0]) < 0).all()
    assert not history.columns["value_evals"].any()
    number = auto._replace(options={**auto.options, "lr": history.lr[0]})
    budget = Training(epochs=None, max_steps=5)
    runs = [train(model, dataset, [run], budget, linear(5)).columns["train_cost"] for run in (auto, number)]
    np.testing.assert_array_equal(*runs)


def test_saga_converges_with_it():
    dataset, model = data("dense"), MODELS.get("logistic")(4, 2)
    history = train(
        model, dataset, [member("saga", 0.05)], Training(batch_size=4, epochs=250, record_every=3750)
    )
    assert history.columns["train_cost"][-1, 0] - optimum("dense") < 1e-10


def test_a_cost_without_known_smoothness_is_refused():
    with pytest.raises(UserError, match=r"optimizer.lr=auto: .*model=logistic and model=softmax"):
        train(MODELS.get("mlp")(4, 2), data("dense"), [member("svrg", 0.0)], Training())


def test_a_sweep_over_auto_and_numbers_stores_the_rates_used(tmp_path):
    import optlab

    overrides = ["dataset=blobs", "optimizer=saga", "optimizer.lr=auto,0.25", "training.epochs=1"]
    runs = optlab.sweep([*overrides, "training.batch_size=50"], tmp_path).runs
    by_override = {"auto" in text: lr for text, lr in zip(runs["overrides"], runs["lr"], strict=True)}
    assert by_override[False] == 0.25
    assert 0 < by_override[True] != 0.25
