"""Work and hidden passes of runs in a stack, in the loop that trains them."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from optlab.models import REGISTRY as MODELS
from optlab.objective.objective import Objective
from optlab.optimizers import REGISTRY as OPTIMIZERS
from optlab.optimizers import Rule
from optlab.optimizers.rule import Method
from tests.training.test_loop import member, run

KINDS = ("sgd", "svrg", "saga", "lbfgs", "newton", "newton_cg", "nesterov")


def hiding(lr: float = 0.1) -> Rule:
    """Gradient descent that takes four of five gradients from a model and an objective of its own."""

    def descend(w, gradient):
        return w - lr * gradient

    def update(w, state, objective):
        own = Objective(MODELS.get("logistic")(3, 2), objective.objective.samples)
        for _ in range(4):
            w = descend(w, own.evaluate(w, gradient=True).gradient)
        return descend(w, objective.gradient(w)), state

    return Rule(lambda w, o: (), update)


@pytest.fixture
def cheat(monkeypatch):
    """The name of a rule that hides most of its evaluations."""
    monkeypatch.setitem(OPTIMIZERS._entries, "hiding", Method(hiding))
    return "hiding"


@pytest.mark.parametrize("batch_size", [None, 10])
def test_a_run_costs_the_same_alone_and_in_a_stack_and_however_it_is_recorded(batch_size):
    members = [member(name, l2=0.01 * r) for r, name in enumerate(KINDS)]
    training = {"batch_size": batch_size, "epochs": None, "max_steps": 4}
    stacked = run(members, record_every=1, **training).columns["work"][-1]
    rarely = run(members, record_every=4, **training).columns["work"][-1]
    np.testing.assert_allclose(rarely, stacked, rtol=1e-12)
    alone = [run([one], record_every=3, **training).columns["work"][-1, 0] for one in members]
    np.testing.assert_allclose(alone, stacked, rtol=1e-12)


def test_gradients_on_all_data_are_the_unit_of_work():
    history = run([member("sgd"), member("adam")], epochs=5)
    np.testing.assert_allclose(history.columns["work"], history.columns["gradient_evals"])


def test_hidden_passes_are_noted_against_the_runs_that_made_them(cheat):
    history = run([member("adam"), member(cheat), member(cheat), member("newton_cg")], epochs=3)
    np.testing.assert_allclose(history.columns["uncounted_passes"][-1], [0, 12, 12, 0])
    np.testing.assert_allclose(history.columns["gradient_evals"][-1, 1:3], 3)


def test_hidden_passes_on_batches_are_shares_of_the_data(cheat):
    history = run([member(cheat)], batch_size=10, epochs=2)
    np.testing.assert_allclose(history.columns["uncounted_passes"][-1], 8)


def test_stacks_in_other_threads_are_not_accused(cheat):
    with ThreadPoolExecutor(2) as pool:
        histories = pool.map(lambda name: run([member(name)], epochs=50), [cheat, "sgd", cheat, "sgd"])
    assert [h.columns["uncounted_passes"][-1, 0] for h in histories] == [200, 0, 200, 0]
