"""L-SVRG, SARAH, PAGE, Katyusha and STORM against loops written from the papers."""

import numpy as np
import pytest

from optlab.core.errors import UserError
from optlab.core.options import defaults
from optlab.models import REGISTRY as MODELS
from optlab.objective.penalty import NONE, penalty
from optlab.optimizers import REGISTRY
from optlab.optimizers.katyusha import katyusha
from optlab.optimizers.l_svrg import l_svrg
from optlab.optimizers.page import page
from optlab.optimizers.sarah import sarah
from optlab.optimizers.storm import storm
from optlab.training.loop import RunSpec, Training, train
from tests.optimizers.test_contract import starts, strongly_convex
from tests.test_consistency import L2, data, optimum

METHODS = ["l_svrg", "sarah", "page", "katyusha", "storm"]


def batches(objective, n=14):
    return [objective.batch(np.arange(k, k + 10)) for k in [0, 10, 20] * (n // 3 + 1)][:n]


def path_of(rule, objective, n=14):
    w = starts(1)
    state, path = rule.init(w, objective), []
    for batch in batches(objective, n):
        w, state = rule.update(w, state, batch)
        path.append(w)
    return path


def test_l_svrg_moves_its_anchor_to_where_the_coin_fell():
    objective, w = strongly_convex(1), starts(1)
    a, expected, moved = w, [], 0
    for t, batch in enumerate(batches(objective)):
        step = batch.gradient(w) - batch.gradient(a) + objective.gradient(a)
        if objective.uniform(t)[0, 0] < 1 / 6:
            a, moved = w, moved + 1
        w = w - 0.3 * step
        expected.append(w)
    assert 0 < moved < 6
    np.testing.assert_allclose(path_of(l_svrg(lr=0.3, anchor_epochs=2.0), objective), expected, rtol=1e-12)


def test_sarah_updates_its_estimate_and_begins_anew_every_epoch():
    objective, w = strongly_convex(1), starts(1)
    before, v, expected = w, None, []
    for t, batch in enumerate(batches(objective)):
        full = t % 6 == 0
        v = objective.gradient(w) if full else v + batch.gradient(w) - batch.gradient(before)
        before, w = w, w - 0.3 * v
        expected.append(w)
    np.testing.assert_allclose(path_of(sarah(lr=0.3, anchor_epochs=2), objective), expected, rtol=1e-12)


def test_page_throws_a_coin_between_a_full_gradient_and_an_update():
    objective, w = strongly_convex(1), starts(1)
    before, v, expected, full = w, None, [], []
    for t, batch in enumerate(batches(objective)):
        full.append(t == 0 or objective.uniform(t)[0, 0] < 10 / 40)
        v = objective.gradient(w) if full[-1] else v + batch.gradient(w) - batch.gradient(before)
        before, w = w, w - 0.3 * v
        expected.append(w)
    assert 1 < sum(full) < 12
    np.testing.assert_allclose(path_of(page(lr=0.3), objective), expected, rtol=1e-12)


def test_katyusha_couples_three_sequences():
    """Algorithm 1 in its own letters, with alpha = 1 / (3 tau_1 L), sigma = mu and 3 L = 1 / lr."""
    objective, lr, sigma, m = strongly_convex(1), 0.1, 0.05, 6
    tau_1, tau_2 = min(np.sqrt(m * sigma * lr), 0.5), 0.5
    alpha = lr / tau_1
    y = z = anchor = starts(1)
    points, expected = [], []
    for k, batch in enumerate(batches(objective)):
        if k % m == 0:
            if points:
                weights = (1 + alpha * sigma) ** np.arange(m)
                anchor = sum(a * b for a, b in zip(weights, points, strict=True)) / weights.sum()
            full, points = objective.gradient(anchor), []
        x = tau_1 * z + tau_2 * anchor + (1 - tau_1 - tau_2) * y
        v = full + batch.gradient(x) - batch.gradient(anchor)
        z = z - alpha * v
        y = x - lr * v
        points.append(y)
        expected.append(y)
    np.testing.assert_allclose(path_of(katyusha(lr=lr, mu=sigma), objective), expected, rtol=1e-12)


def test_storm_corrects_its_momentum():
    objective, w = strongly_convex(1), starts(1)
    before, d, s, a, expected = w, None, 0.0, 0.0, []
    for batch in batches(objective):
        g = batch.gradient(w)
        d = g if d is None else g + (1 - a) * (d - batch.gradient(before))
        s += (g**2).sum()
        r = 0.2 / (0.5 + s) ** (1 / 3)
        before, w, a = w, w - r * d, min(3.0 * r**2, 1.0)
        expected.append(w)
    np.testing.assert_allclose(path_of(storm(lr=0.2, offset=0.5, c=3.0), objective), expected, rtol=1e-12)


@pytest.mark.parametrize("name", METHODS)
def test_its_noise_vanishes_but_for_storms(name):
    dataset, model = data("dense"), MODELS.get("logistic")(4, 2)
    options = {**defaults(REGISTRY.get(name)), "lr": 0.1} | ({"mu": "auto"} if name == "katyusha" else {})
    runs = [RunSpec(n, o, penalty(l2=L2), 0) for n, o in ((name, options), ("sgd", {"lr": 0.1}))]
    history = train(model, dataset, runs, Training(batch_size=5, epochs=120, record_every=120))
    gap = history.columns["train_cost"][-1] - optimum("dense")
    assert gap[0] < (1e-3 if name == "storm" else 1e-10)
    assert gap[1] > 1e-8


@pytest.mark.parametrize("name", ["l_svrg", "page"])
def test_every_seed_throws_coins_of_its_own_whatever_its_neighbours(name):
    """The path of a seed in a stack of three is that of the seed alone: on the full batch they may mix."""
    objective, seeds = strongly_convex(3), np.array([3, 8, 3])
    objective.seeds = seeds
    coins = [objective.uniform(t)[:, 0] for t in range(5)]
    assert all(a == c for a, _, c in coins) and all(a != b for a, b, _ in coins)
    alone = strongly_convex(1)
    alone.seeds = np.array([8])
    assert [alone.uniform(t)[0, 0] for t in range(5)] == [b for _, b, _ in coins]
    rule, w = REGISTRY.get(name)(lr=0.3), np.repeat(starts(1), 3, axis=0)
    state, lonely, its_state = rule.init(w, objective), w[1:2], rule.init(w[1:2], alone)
    for batch, its_batch in zip(batches(objective), batches(alone), strict=True):
        w, state = rule.update(w, state, batch)
        lonely, its_state = rule.update(lonely, its_state, its_batch)
    np.testing.assert_allclose(w[1:2], lonely, rtol=1e-9)
    np.testing.assert_allclose(w[0], w[2], rtol=1e-9)
    assert np.abs(w[0] - w[1]).max() > 1e-6


@pytest.mark.parametrize("name", ["l_svrg", "sarah", "page", "katyusha"])
def test_dropout_is_refused(name):
    model = MODELS.get("mlp")(4, 2, hidden=[3], dropout=0.5)
    with pytest.raises(UserError, match=rf"^model\.dropout=0\.5: optimizer={name} "):
        train(
            model, data("dense"), [RunSpec(name, defaults(REGISTRY.get(name)), NONE, 0)], Training(epochs=1)
        )
