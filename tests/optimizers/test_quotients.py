"""Divisions by 0: a parameter without a gradient stays, and a problem that is solved stays solved."""

import numpy as np
import pytest

from optlab import optimizers
from optlab.core.options import NonNegative, annotations, defaults
from optlab.datasets.dataset import Dataset, Part
from optlab.models import REGISTRY as MODELS
from optlab.objective.penalty import NONE
from optlab.optimizers import REGISTRY
from optlab.training.loop import RunSpec, Training, train
from tests.optimizers.quadratic import Quadratic, steps

ADAPTIVE = [name for name in REGISTRY.names() if annotations(REGISTRY.get(name)).get("eps") == NonNegative]
GUARDS = ("eps", "eps_root", "initial_accumulator")
ON_A_QUADRATIC = [
    name for name in REGISTRY.names() if not optimizers.asks(name) & {"sample_slopes", "full_batch"}
]
LEAP = ("d_adapt_sgd",)  # the first step is long however short the gradient
X = np.random.default_rng(0).normal(size=(30, 2)) * [1, 0]  # the second column is constant
PART = Part(X, (X[:, 0] > 0.3).astype(int))
NOTHING = Part(np.empty((0, 2)), np.empty(0, int))
DATA = Dataset("test", PART, NOTHING, NOTHING, ("a", "b"), ("no", "yes"), "")


@pytest.mark.parametrize("name", ADAPTIVE)
@pytest.mark.parametrize("eps", [(0.0,), (0.0, 1e-8)])
def test_without_eps_a_parameter_that_has_no_gradient_stays(name, eps):
    given = defaults(REGISTRY.get(name))
    given |= {option: 0.0 for option in GUARDS if option in given}
    runs = [RunSpec(name, {**given, "eps": number, "lr": 0.1}, NONE, 0) for number in eps]
    training = Training(epochs=10, record_parameters="final")
    history = train(MODELS.get("logistic")(2, 2), DATA, runs, training)
    assert set(history.status) == {"completed"}
    assert (history.parameters[:, 1] == 0).all() and (history.parameters[:, 0] != 0).all()
    assert (history.final("train_cost") < history.columns["train_cost"][0]).all()


@pytest.mark.parametrize("name", [name for name in ON_A_QUADRATIC if name not in LEAP])
@pytest.mark.parametrize("size", [0.0, 1e-100, 1e-155, 1e-161, 1e-200, 1e-300, 5e-324])
def test_no_step_from_a_minimum_to_rounding_leads_away(name, size):
    options = defaults(REGISTRY.get(name)) | ({"eps": 0.0} if name in ADAPTIVE else {})
    if "lr" in options and name != "barzilai_borwein":
        options["lr"] = 1e-3
    path = np.array(steps(REGISTRY.get(name)(**options), Quadratic(1, 2, 3), [size, -size, 2 * size], 12))
    assert (np.abs(path) <= 1).all()


def test_adaptive_methods_are_those_that_may_do_without_eps():
    assert {"adam", "adamw", "adamax", "amsgrad", "nadam", "radam", "rmsprop", "adagrad"} <= set(ADAPTIVE)


@pytest.mark.parametrize("name", ["schedule_free_sgd", "schedule_free_adamw"])
def test_a_rate_whose_power_is_zero_to_rounding_averages_all_the_same(name):
    [[w]] = steps(REGISTRY.get(name)(lr=1e-200, lr_power=2.0), Quadratic(1), [1], 1)
    assert w == 1.0
