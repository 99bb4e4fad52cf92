"""DeepOBS's quadratic_deep: its start and the losses that it publishes.

Its authors train in a fixed order of batches and leave out what does not fill one, of 1,000 shifts 104.
"""

import numpy as np
import pytest

from optlab.datasets import load
from optlab.models import REGISTRY
from optlab.models.spectra import eigenvalues, rotation
from optlab.objective.objective import Objective
from optlab.objective.oracle import Oracle
from optlab.optimizers import REGISTRY as OPTIMIZERS

SECTION = {
    "name": "shifts", "dimension": 100, "noise": 0.6, "n_test": 896, "validation_fraction": 0.0,
    "standardize": False,
}  # fmt: skip
SEEDS, EPOCHS, BATCH = 10, 100, 128


@pytest.fixture(scope="module")
def costs():
    """The training cost and the test cost."""
    data = load({**SECTION, "n_samples": 1000})
    model = REGISTRY.get("quadratic")(100, 1, spectrum="deep", rotate=True)
    return [Objective(model, model.prepare(part, np.dtype(float))) for part in (data.train, data.test)]


def test_the_start_is_the_published_one(costs):
    assert costs[1].evaluate(np.ones((1, 100))).value == pytest.approx(353.4468, abs=5e-5)


@pytest.mark.parametrize(
    "name, options, mean, spread",
    [
        ("adam", {"lr": 3.98e-2}, 87.14, 0.05),
        ("sgd", {"lr": 1.585e-2}, 87.31, 0.19),
        ("momentum", {"lr": 2.512e-3, "momentum": 0.99}, 87.07, 0.03),
    ],
)
def test_the_final_losses_are_the_published_ones(costs, name, options, mean, spread):
    train, test = costs
    oracle, rule, losses = Oracle(train), OPTIMIZERS.get(name)(**options), []
    for seed in range(SEEDS):
        order = np.random.default_rng(seed).permutation(1000)
        w = np.ones((1, 100))
        state = rule.init(w, oracle)
        batches = [oracle.batch(order[start : start + BATCH]) for start in range(0, 1000 - BATCH, BATCH)]
        for batch in batches * EPOCHS:
            w, state = rule.update(w, state, batch)
        losses.append(test.evaluate(w).value[0])
    error = spread / np.sqrt(SEEDS)
    assert np.mean(losses) == pytest.approx(mean, abs=3 * error)


def test_the_spectrum_is_that_which_was_asked_for():
    rng = np.random.RandomState(0)
    np.testing.assert_allclose(eigenvalues("log", 3, 100.0, rng), [1, 0.1, 0.01])
    deep = eigenvalues("deep", 20, 1.0, rng)
    assert (deep[:18] < 1).all() and (deep[18:] > 30).all()
    model = REGISTRY.get("quadratic")(4, 1, condition_number=1e3, rotate=True)
    assert np.linalg.cond(model.hessian(np.zeros((1, 4)), samples(model), 1.0)[0]) == pytest.approx(1e3)


def samples(model):
    return model.prepare(
        load({**SECTION, "dimension": 4, "n_test": 0, "test_fraction": 0.0}).train, np.dtype(float)
    )


@pytest.mark.parametrize("d", [1, 2, 5])
def test_axes_are_orthogonal(d):
    q = rotation(d, np.random.RandomState(1))
    np.testing.assert_allclose(q @ q.T, np.eye(d), atol=1e-14)
