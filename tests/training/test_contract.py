"""The contract finds the faults that rules have, each by its name, and none in a sound one."""

import numpy as np
import pytest

from optlab.core.errors import UserError
from optlab.optimizers import REGISTRY, Rule
from optlab.optimizers.rule import Method
from optlab.training.contract import CHECKS, check, check_quickly


def rule_of(update, init=lambda w, objective: ()):
    """A method that asks for gradients, whose update takes lr, w, state and objective."""

    def broken(lr: float = 0.1) -> Rule:
        return Rule(init, lambda w, state, objective: update(lr, w, state, objective))

    return Method(broken, frozenset({"gradient"}))


def failed(method):
    return {found.check for found in check(method) if found.problem}


def sound(lr, w, state, objective):
    return w - lr * objective.gradient(w), state


def mixing(lr, w, state, objective):
    g = objective.gradient(w)
    return w - lr * g / np.abs(g).max(), state


def by_place(lr, w, state, objective):
    return w - lr * np.arange(1, len(w) + 1)[:, None] * objective.gradient(w) / 4, state


def in_place(lr, w, state, objective):
    w -= lr * objective.gradient(w)
    return w, state


def flat(lr, w, state, objective):
    return (w - lr * objective.gradient(w)).ravel(), state


def double(lr, w, state, objective):
    return (w - lr * objective.gradient(w)).astype(float), state


def forgetting(lr, w, state, objective):
    return w - lr * objective.gradient(w), np.zeros(7)


def asking(lr, w, state, objective):
    objective.value(w)
    return sound(lr, w, state, objective)


def own_pass(lr, w, state, objective):
    objective.objective.evaluate(w)
    return sound(lr, w, state, objective)


def uphill(lr, w, state, objective):
    return w + lr * objective.gradient(w), state


def raising(lr, w, state, objective):
    raise ValueError("no")


@pytest.mark.parametrize("name", ["adam", "lbfgs", "saga", "owl_qn"])
def test_sound_methods_pass(name):
    assert failed(REGISTRY.entry(name)) == set() and failed(rule_of(sound)) == set()


@pytest.mark.parametrize(
    ("update", "name"),
    [
        (mixing, "a stack equals its runs one by one"),
        (mixing, "a run that is not finite leaves its neighbours alone"),
        (by_place, "permuting runs permutes the results"),
        (in_place, "arguments stay as they are"),
        (flat, "shapes and types"),
        (double, "shapes and types"),
        (forgetting, "shapes and types"),
        (forgetting, "runs can leave the stack"),
        (asking, "what is asked is declared and counted"),
        (own_pass, "what is asked is declared and counted"),
        (uphill, "it reaches the minimum of a convex cost"),
    ],
)
def test_a_fault_is_found_by_its_name(update, name):
    assert name in failed(rule_of(update))


def test_an_exception_is_told_with_its_place():
    found = check(rule_of(raising))
    assert len(found) == len(CHECKS)
    assert all(one.problem.startswith("it raises ValueError: no, at ") for one in found)


def test_the_quick_checks_refuse_what_breaks_a_stack_and_leave_exceptions_to_training():
    with pytest.raises(UserError, match=r"optimizer=broken .* a run alone is another one than in a stack"):
        check_quickly(rule_of(mixing))
    check_quickly(rule_of(sound))
    check_quickly(rule_of(raising))
