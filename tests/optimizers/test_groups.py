"""Parameter groups: what differs between weights and biases, or between layers, and who may have it."""

import numpy as np
import pytest

from optlab.core.errors import UserError
from optlab.core.options import defaults, number_options
from optlab.models import REGISTRY as MODELS
from optlab.objective.penalty import NONE
from optlab.optimizers import REGISTRY
from optlab.optimizers.groups import Groups, group_options, layers
from optlab.training.loop import RunSpec, Training, train
from tests.optimizers.quadratic import Quadratic, steps
from tests.test_consistency import data

ELEMENTWISE = [name for name in REGISTRY.names() if REGISTRY.entry(name).elementwise]
MASK = np.array([1.0, 1, 1, 1, 0, 0, 1, 1, 0])
"""Two inputs, two hidden units, one output: W1, b1, W2, b2."""


def test_the_biases_of_a_layer_follow_its_weights():
    np.testing.assert_array_equal(layers(MASK), [0, 0, 0, 0, 0, 0, 1, 1, 1])
    np.testing.assert_array_equal(layers(np.ones(3)), [0, 0, 0])
    model = MODELS.get("mlp")(4, 3, hidden=[5, 6])
    assert np.bincount(layers(model.penalty_mask)).tolist() == [25, 36, 21]


def test_by_default_nothing_differs():
    assert Groups().factors(MASK) == {}


def test_decay_may_spare_biases_and_layers_may_have_rates_of_their_own():
    factors = Groups(decay_biases=False, layer_rates=[1.0, 0.1]).factors(MASK)
    np.testing.assert_array_equal(factors["weight_decay"], MASK)
    np.testing.assert_array_equal(factors["lr"], [1] * 6 + [0.1] * 3)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_a_method_with_groups_updates_each_parameter_by_itself(name):
    """With numbers of its own, each of three parameters goes the way that it goes alone."""
    factory, curvatures, start = REGISTRY.get(name), [1.0, 3.0, 0.3], [2.0, -1.0, 0.5]
    spread = np.array([0.9, 0.6, 0.8])
    options = defaults(factory) | ({"weight_decay": 0.1} if "weight_decay" in defaults(factory) else {})
    numbers = {k: v * spread for k, v in options.items() if k in number_options(factory)}
    rest = {k: v for k, v in options.items() if k not in numbers}
    if name == "rprop":
        rest |= {k: options[k] for k in ("grow", "largest")}
        numbers = {k: v for k, v in numbers.items() if k not in rest}
    if name == "radam":
        numbers["beta2"] = np.array([0.9, 0.95, 0.8])
    together = np.array(steps(factory(**rest, **numbers), Quadratic(*curvatures), start, 12))
    for place in range(3):
        own = {k: float(v[place]) for k, v in numbers.items()}
        alone = np.array(steps(factory(**rest, **own), Quadratic(curvatures[place]), [start[place]], 12))
        np.testing.assert_allclose(together[:, [place]], alone, rtol=1e-12)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_runs_with_groups_are_trained_as_said(dtype):
    """One step of SGD, by what a run without decay and rates tells of the gradient."""
    model = MODELS.get("mlp")(4, 2, hidden=[3], activation="tanh")
    options = {"lr": 0.5, "weight_decay": 0.0}
    runs = [
        RunSpec("sgd", options, NONE, 0),
        RunSpec("sgd", options | {"weight_decay": 0.2}, NONE, 0, Groups(decay_biases=False)),
        RunSpec("sgd", options | {"lr": 0.25}, NONE, 0, Groups(layer_rates=[1.0, 0.1])),
    ]
    history = train(model, data("dense"), runs, Training(epochs=2, record_parameters="all"), dtype=dtype)
    assert history.parameters.dtype == np.dtype(dtype)
    w, after = history.parameters[0, 0], history.parameters[1]
    plain = after[0] - w
    tolerance = {"rtol": 0, "atol": 4 * np.finfo(dtype).eps}
    np.testing.assert_allclose(after[1] - w, plain - 0.1 * w * model.penalty_mask, **tolerance)
    rates = np.where(layers(model.penalty_mask) == 0, 0.5, 0.05)
    np.testing.assert_allclose(after[2] - w, plain * rates, **tolerance)


def test_a_schedule_acts_on_the_rates_of_all_layers():
    model, groups = MODELS.get("mlp")(4, 2, hidden=[3]), Groups(layer_rates=[1.0, 0.1])
    halves = RunSpec("momentum", {**defaults(REGISTRY.get("momentum")), "lr": 0.2}, NONE, 0, groups)
    fixed = halves._replace(options={**halves.options, "lr": 0.1})
    budget = Training(epochs=3, record_parameters="final")
    one, other = (
        train(model, data("dense"), [run], budget, schedule).parameters
        for run, schedule in ((halves, lambda t: 0.5), (fixed, None))
    )
    np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("name", "groups", "words"),
    [
        ("newton", Groups(decay_biases=False), r"^optimizer=newton: .* has no parameter groups"),
        (
            "rprop",
            Groups(decay_biases=False),
            r"^optimizer=rprop optimizer\.decay_biases=false: .*no weight_d",
        ),
        (
            "sgd",
            Groups(layer_rates=[1.0, 2.0]),
            r"^optimizer\.layer_rates=\[1\.0, 2\.0\]: 2 rates for the 1 lay",
        ),
    ],
)
def test_what_has_no_groups_is_refused(name, groups, words):
    run = RunSpec(name, defaults(REGISTRY.get(name)), NONE, 0, groups)
    with pytest.raises(UserError, match=words):
        train(MODELS.get("logistic")(4, 2), data("dense"), [run], Training(epochs=1))


def test_options_of_groups_belong_to_elementwise_methods_only():
    assert group_options("adam") == ("decay_biases", "layer_rates")
    assert group_options("newton") == group_options("barzilai_borwein") == ()
