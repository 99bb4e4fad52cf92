"""SAGA and SAG: against loops that keep a gradient of every sample, and what they ask for and refuse."""

import numpy as np
import pytest

from optlab.core.errors import UserError
from optlab.core.options import defaults
from optlab.datasets.dataset import Dataset, Part
from optlab.models import REGISTRY as MODELS
from optlab.objective.objective import Objective
from optlab.objective.oracle import Oracle
from optlab.objective.penalty import NONE, penalty
from optlab.optimizers import REGISTRY
from optlab.optimizers.sag import sag
from optlab.optimizers.saga import saga
from optlab.training.loop import RunSpec, Training, train

N, D, C, R, L2, LR = 12, 3, 3, 2, 0.1, 0.3


def part() -> Part:
    rng = np.random.default_rng(2)
    return Part(rng.normal(size=(N, D)), np.arange(N) % C)


def dataset(samples: Part) -> Dataset:
    nothing = Part(samples.x[:0], samples.y[:0])
    classes = tuple(map(str, range(samples.y.max() + 1)))
    return Dataset("", samples, nothing, nothing, ("a", "b", "c"), classes, "")


def objective() -> Oracle:
    model = MODELS.get("softmax")(D, C)
    return Oracle(Objective(model, model.prepare(part(), np.dtype(float)), penalty(l2=L2)), R)


def sample_gradient(w: np.ndarray, i: int) -> np.ndarray:
    """Of one sample's cross-entropy, for w = (W row by row, b)."""
    x, y = part()
    scores = x[i] @ w[: D * C].reshape(D, C) + w[D * C :]
    p = np.exp(scores) / np.exp(scores).sum()
    p[y[i]] -= 1
    return np.concatenate([np.outer(x[i], p).ravel(), p])


def penalty_gradient(w: np.ndarray) -> np.ndarray:
    return L2 * np.concatenate([w[: D * C], np.zeros(C)])


def saga_by_hand(w, batches):
    table = [sample_gradient(w, i) for i in range(N)]
    for batch in batches:
        new = {i: sample_gradient(w, i) for i in batch}
        correction = np.mean([new[i] - table[i] for i in batch], axis=0)
        w = w - LR * (correction + np.mean(table, axis=0) + penalty_gradient(w))
        for i in batch:
            table[i] = new[i]
    return w


def sag_by_hand(w, batches):
    """The mean is over the different samples seen so far, as in scikit-learn's solver."""
    table: dict[int, np.ndarray] = {}
    for batch in batches:
        table |= {i: sample_gradient(w, i) for i in batch}
        w = w - LR * (sum(table.values()) / len(table) + penalty_gradient(w))
    return w


def reshuffled(size: int, rng: np.random.Generator) -> list[np.ndarray]:
    orders = [rng.permutation(N) for _ in range(3)]
    return [order[k : k + size] for order in orders for k in range(0, N, size)]


def independent(size: int, rng: np.random.Generator) -> list[np.ndarray]:
    return [rng.choice(N, size, replace=False) for _ in range(3 * N // size)]


@pytest.mark.parametrize("sampling", [reshuffled, independent])
@pytest.mark.parametrize("size", [1, 5, N])
@pytest.mark.parametrize("rule, by_hand", [(saga, saga_by_hand), (sag, sag_by_hand)])
def test_it_is_the_loop_that_keeps_a_gradient_for_every_sample(rule, by_hand, size, sampling):
    rng = np.random.default_rng(3)
    batches = sampling(size, rng)
    start = w = rng.normal(size=(R, (D + 1) * C))
    whole, step = objective(), rule(lr=LR)
    state = step.init(w, whole)
    for batch in batches:
        w, state = step.update(w, state, whole.batch(batch))
    for r in range(R):
        np.testing.assert_allclose(w[r], by_hand(start[r], batches), rtol=1e-12)


@pytest.mark.parametrize("name", ["saga", "sag"])
def test_it_ends_at_the_minimum_that_scikit_learn_finds(name):
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(4)
    x = rng.normal(size=(40, D))
    y = (x @ [1.0, -1.0, 0.5] + rng.normal(size=40) > 0).astype(int)
    model = MODELS.get("logistic")(D, 2)
    budget = Training(batch_size=4, epochs=200, record_every=2000, record_parameters="final")
    history = train(model, dataset(Part(x, y)), [RunSpec(name, {"lr": 0.2}, penalty(l2=L2), 0)], budget)
    found = LogisticRegression(C=1 / (40 * L2), tol=1e-12, max_iter=1000).fit(x, y)
    np.testing.assert_allclose(history.parameters[0], [*found.coef_[0], *found.intercept_], atol=1e-7)


@pytest.mark.parametrize("name, evaluations", [("saga", 1 + 3), ("sag", 3)])
def test_it_asks_for_one_gradient_per_sample_that_it_sees(name, evaluations):
    members = [RunSpec(name, defaults(REGISTRY.get(name)), NONE, 0)]
    history = train(MODELS.get("softmax")(D, C), dataset(part()), members, Training(batch_size=5, epochs=3))
    assert history.columns["gradient_evals"][-1] == pytest.approx(evaluations)


def test_a_network_with_hidden_layers_and_a_table_that_is_too_large_are_refused(monkeypatch):
    members = [RunSpec("saga", {"lr": 0.1}, NONE, 0)]
    with pytest.raises(UserError, match=r"optimizer=saga model=mlp: .*model=softmax, or optimizer=svrg"):
        train(MODELS.get("mlp")(D, C, hidden=[4]), dataset(part()), members, Training())
    monkeypatch.setattr("optlab.training.feasibility.TABLE_BYTES", 8 * N * C - 1)
    with pytest.raises(UserError, match=r"optimizer=saga: .* 12 samples and 3 scores .*use optimizer=svrg"):
        train(MODELS.get("softmax")(D, C), dataset(part()), members, Training())


def test_clipping_shortens_the_step_and_not_the_gradients_it_is_made_of():
    w = np.random.default_rng(5).normal(size=(R, (D + 1) * C))
    plain, clipped = objective(), objective()
    clipped.clip_norm = 1e-2
    for rule in (saga(lr=LR), REGISTRY.get("svrg")(lr=LR)):
        free, _ = rule.update(w, rule.init(w, plain), plain.batch(np.arange(4)))
        short, _ = rule.update(w, rule.init(w, clipped), clipped.batch(np.arange(4)))
        lengths = np.linalg.norm(free - w, axis=1, keepdims=True)
        np.testing.assert_allclose(short - w, (free - w) / lengths * LR * 1e-2, rtol=1e-3)
