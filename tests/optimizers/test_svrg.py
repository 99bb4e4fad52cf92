"""SVRG: what it is on the full batch, what it asks for, and that its noise vanishes."""

import numpy as np
import pytest

from optlab.core.errors import UserError
from optlab.core.options import defaults
from optlab.objective.penalty import NONE, penalty
from optlab.optimizers import REGISTRY
from optlab.optimizers.sgd import sgd
from optlab.optimizers.svrg import svrg
from optlab.training.loop import RunSpec, Training, train
from tests.optimizers.test_contract import R, starts, strongly_convex, trajectory
from tests.test_consistency import L2, MODELS, data, optimum


def test_on_the_full_batch_it_is_gradient_descent():
    one, other = (trajectory(rule, starts(), strongly_convex()) for rule in (svrg(lr=0.3), sgd(lr=0.3)))
    np.testing.assert_allclose(one, other, rtol=1e-12)  # g(a) - g(a) is left of the correction


def test_a_step_is_the_batch_gradient_corrected_at_the_anchor():
    objective, w = strongly_convex(), starts()
    first, second = objective.batch(np.arange(6)), objective.batch(np.arange(6, 12))
    rule = svrg(lr=0.1)
    w1, state = rule.update(w, rule.init(w, objective), first)
    np.testing.assert_allclose(w1, w - 0.1 * objective.gradient(w), rtol=1e-12)
    w2, _ = rule.update(w1, state, second)
    expected = w1 - 0.1 * (second.gradient(w1) - second.gradient(w) + objective.gradient(w))
    np.testing.assert_allclose(w2, expected, rtol=1e-12)


def test_sgd_keeps_its_distance_where_it_ends_at_the_optimum():
    dataset, model = data("dense"), MODELS.get("logistic")(4, 2)
    members = [
        RunSpec(o, {**defaults(REGISTRY.get(o)), "lr": 0.2}, penalty(l2=L2), 0) for o in ("svrg", "sgd")
    ]
    history = train(model, dataset, members, Training(batch_size=5, epochs=100, record_every=100))
    gap = history.columns["train_cost"][-1] - optimum("dense")
    assert gap[0] < 1e-12
    assert gap[1] > 1e-8
    # 12 steps an epoch of 5 of 60 samples: two batch gradients each, and a full one every other epoch
    np.testing.assert_allclose(history.columns["gradient_evals"][-1], [100 * 2.5, 100], rtol=1e-3)


def test_dropout_is_refused():
    model = MODELS.get("mlp")(4, 2, hidden=[3], dropout=0.5)
    member = RunSpec("svrg", defaults(REGISTRY.get("svrg")), NONE, 0)
    with pytest.raises(UserError, match=r"^model\.dropout=0\.5: optimizer=svrg .* set model\.dropout=0"):
        train(model, data("dense"), [member], Training(batch_size=5, epochs=1))


def test_runs_have_anchors_of_their_own():
    w = starts()
    path = trajectory(svrg(lr=0.1), w, strongly_convex())
    assert len({tuple(row) for row in path[-1]}) == R
