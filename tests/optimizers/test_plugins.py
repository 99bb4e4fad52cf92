"""Optimizers that break the rules are refused in one line, with their name and what is wrong."""

import numpy as np
import pytest

from optlab.core.errors import UserError
from optlab.models import REGISTRY as MODELS
from optlab.objective.penalty import NONE
from optlab.optimizers import REGISTRY, Rule
from optlab.optimizers.rule import Method
from optlab.optimizers.sgd import sgd
from optlab.training.loop import RunSpec, Training, train
from tests.test_consistency import data

PLAIN = sgd()


def with_update(change) -> Rule:
    return PLAIN._replace(update=lambda w, state, objective: change(w, state))


BROKEN = {
    "its factory returned a tuple, not a Rule": tuple(PLAIN),
    r"takes \(w, objective\); make it take \(w, state, objective\)": PLAIN._replace(
        update=lambda w, objective: w
    ),
    r"takes \(w\); make it take \(w, objective\)": PLAIN._replace(init=lambda w: None),
    r"parameters of shape \(2, 4\); .* of shape \(2, 5\)": with_update(lambda w, state: (w[:, 1:], state)),
    r"parameters of shape \(2,\); .* of shape \(2, 5\)": with_update(lambda w, state: (w.sum(1), state)),
    "returned a ndarray, not a pair": with_update(lambda w, state: w),
    r"state holds an array of shape \(5,\); .* first axis, here 2": PLAIN._replace(init=lambda w, o: (w[0],)),
}


@pytest.mark.parametrize("words", BROKEN)
def test_a_broken_rule_is_named_with_what_it_returned(words, monkeypatch):
    def mine() -> Rule:
        return BROKEN[words]

    monkeypatch.setitem(REGISTRY._entries, "mine", Method(mine))
    members = [RunSpec("mine", {}, NONE, seed) for seed in (0, 1)]
    with pytest.raises(UserError, match=f"^optimizer=mine: .*{words}") as error:
        train(MODELS.get("logistic")(4, 2), data("dense"), members, Training())
    assert "\n" not in str(error.value)


def test_a_rule_may_keep_nothing_and_say_nothing_of_what_it_asks(monkeypatch):
    def mine() -> Rule:
        return Rule(lambda w, o: None, lambda w, s, o: (w - 0.1 * o.gradient(w), s))

    monkeypatch.setitem(REGISTRY._entries, "mine", Method(mine))
    members = [RunSpec("mine", {}, NONE, 0), RunSpec("sgd", {"lr": 0.1, "weight_decay": 0.0}, NONE, 0)]
    history = train(MODELS.get("logistic")(4, 2), data("dense"), members, Training(epochs=5))
    np.testing.assert_array_equal(*history.columns["train_cost"].T)
