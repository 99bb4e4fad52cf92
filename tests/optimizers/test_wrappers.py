"""Wrappers: by hand where there is no reference, around every first-order method, and around no other."""

import numpy as np
import pytest

from optlab.core.errors import UserError
from optlab.core.options import defaults
from optlab.models import REGISTRY as MODELS
from optlab.objective.penalty import NONE
from optlab.optimizers import REGISTRY, asks
from optlab.optimizers.inner import FIRST_ORDER
from optlab.training.loop import RunSpec, Training, train
from tests.optimizers.quadratic import Quadratic, steps
from tests.test_consistency import data

WRAPPERS = [name for name in REGISTRY.names() if REGISTRY.entry(name).family == "wrapper"]
FIRST = [
    name
    for name in REGISTRY.names()
    if asks(name) <= FIRST_ORDER and REGISTRY.entry(name).family not in ("wrapper", "other libraries")
]


def run(name, **options):
    return RunSpec(name, {**defaults(REGISTRY.get(name)), **options}, NONE, 0)


def test_ema_is_the_mean_of_the_iterates_of_sgd():
    path = steps(REGISTRY.get("ema")("sgd", lr=0.5, decay=0.75), Quadratic(1.0), [1], 3)
    np.testing.assert_allclose(path, [[0.875], [0.71875], [0.5703125]])


def test_lookahead_goes_back_half_the_way():
    path = steps(REGISTRY.get("lookahead")("sgd", lr=0.5, every=2, alpha=0.5), Quadratic(1.0), [1], 3)
    np.testing.assert_allclose(path, [[0.5], [0.625], [0.3125]])


def test_cautious_drops_what_points_up_the_gradient():
    """Momentum carries the first coordinate past its minimum: what follows is left out, the other doubled."""
    rule = REGISTRY.get("cautious")("momentum", lr=1.0, options={"momentum": 0.9})
    plain = REGISTRY.get("momentum")(lr=1.0, momentum=0.9)
    objective, w = Quadratic(1.5, 0.1), np.array([[1.0, 1.0]])
    state = rule.init(w, objective)
    for _ in range(4):
        expected, _ = plain.update(w, state, objective)
        agree = (expected - w) * objective.gradient(w) < 0
        w_new, state = rule.update(w, state, objective)
        np.testing.assert_allclose(w_new, np.where(agree, w + (expected - w) * 2 / (agree.sum() + 1), w))
        w = w_new
    assert not agree.all()


@pytest.mark.parametrize("wrapper", WRAPPERS)
def test_a_wrapper_counts_one_gradient_a_step_and_lowers_the_cost(wrapper):
    members = [run(wrapper, lr=lr, inner=inner) for inner in ("adam", "momentum") for lr in (0.01, 0.05)]
    history = train(MODELS.get("softmax")(4, 2), data("dense"), members, Training(epochs=30))
    assert (history.final("gradient_evals") == 30).all()
    assert (history.final("train_cost") < history.columns["train_cost"][0]).all()


@pytest.mark.parametrize("inner", FIRST)
def test_every_first_order_method_can_be_wrapped(inner):
    history = train(
        MODELS.get("softmax")(4, 2), data("dense"), [run("lookahead", inner=inner)], Training(epochs=3)
    )
    assert list(history.status) == ["completed"]


def test_ones_own_method_can_be_wrapped_and_wrappers_wrap_each_other():
    members = [run("lookahead", inner="ema"), run("cautious", inner="lookahead", options={"inner": "sgd"})]
    with pytest.raises(UserError, match=r"inner=ema: .* asks for gradient_elsewhere"):
        train(MODELS.get("logistic")(4, 2), data("dense"), members[:1], Training(epochs=3))
    assert train(MODELS.get("logistic")(4, 2), data("dense"), members[1:], Training(epochs=3))


@pytest.mark.parametrize(
    ("inner", "options", "words"),
    [
        ("newton", None, r"^optimizer=grams optimizer\.inner=newton: .* asks for hessian, value; use"),
        ("svrg", None, r"asks for full_batch"),
        ("torch", None, r"inner=torch: wraps optlab's methods and your own"),
        ("addam", None, r"^optimizer=addam: there is no optimizer 'addam'; did you mean 'adam'"),
        ("adam", {"beta": 0.5}, r"^optimizer\.options\.beta=0\.5: .* no option 'beta'"),
        ("adam", {"beta1": 2.0}, r"^optimizer\.options\.beta1=2\.0: must be a number in \[0, 1\)"),
        ("muon", None, r"^optimizer=muon model=logistic: .* single vector"),
    ],
)
def test_what_cannot_be_wrapped_is_refused_in_one_line(inner, options, words):
    member = run("grams", inner=inner, options=options)
    with pytest.raises(UserError, match=words) as error:
        train(MODELS.get("logistic")(4, 2), data("dense"), [member], Training(epochs=1))
    assert "\n" not in str(error.value)
