"""Figures that the authors of methods published, reached again on the same data."""

import numpy as np
import pytest

from optlab.core.errors import UserError
from optlab.core.options import defaults
from optlab.datasets.dataset import Dataset
from optlab.datasets.loading import load
from optlab.models import REGISTRY as MODELS
from optlab.models.model import Model
from optlab.models.smoothness import smoothness
from optlab.objective.objective import Objective
from optlab.objective.oracle import Oracle
from optlab.objective.penalty import penalty
from optlab.optimizers import REGISTRY
from optlab.training.loop import RunSpec, Training, train

pytestmark = pytest.mark.slow

ADGD = [
    ("sgd", {"lr": 1 / 2.58621423}, [3.6e-2, 2.1e-2, 6.5e-3]),
    ("nesterov_restart", {"lr": "auto", "restart": "none"}, [1.0e-4, 6.6e-6, 1.9e-7]),
    ("nesterov_strong", {"lr": "auto", "mu": "auto"}, [4.2e-2, 1.9e-3, 1.2e-9]),
    ("adgd", {"lr": 1e-4}, [2.1e-7, 2.1e-10, 0.0]),
]
"""Gaps after 500, 1,000 and 3,000 steps: Malitsky and Mishchenko, 2020, logistic regression."""

ADAN = {20: 7e-3, 30: 4.3e-5, 40: 9.5e-7, 50: 4.9e-10}
"""Gaps by step: Mishchenko, 2023, logistic regression."""


def problem(name: str) -> tuple[Dataset, Model, float]:
    """The data, logistic regression without an intercept, and L of its cost without a penalty."""
    try:
        dataset = load({"name": name, "standardize": False, "validation_fraction": 0, "test_fraction": 0})
    except UserError:
        pytest.skip(f"needs {name}: optlab-data fetch {name}, or set OPTLAB_DATA_DIR")
    model = MODELS.get("logistic")(dataset.n_features, 2, fit_intercept=False)
    return dataset, model, smoothness(model, dataset.train.x).L


def test_adaptive_gradient_descent_on_mushrooms():
    dataset, model, L = problem("mushrooms")
    assert abs(L - 2.58621423) < 1e-8
    strength = penalty(l2=L / (10 * len(dataset.train.y)))
    runs = [RunSpec(n, {**defaults(REGISTRY.get(n)), **options}, strength, 0) for n, options, _ in ADGD]
    history = train(model, dataset, runs, Training(epochs=None, max_steps=3000, record_every=500))
    gaps = history.columns["train_cost"][[1, 2, 6]] - 0.00582598849671485
    published = np.transpose([figures for _, _, figures in ADGD])
    np.testing.assert_allclose(gaps[:, :3], published[:, :3], rtol=0.05)  # two digits are published
    np.testing.assert_allclose(gaps[:2, 3], published[:2, 3], rtol=0.5)  # hangs on the first step
    assert gaps[2, 3] < 1e-15


def test_regularised_newton_on_w8a():
    dataset, model, L = problem("w8a")
    longest = np.sqrt(dataset.train.x.power(2).sum(1).max())
    h0 = 2 * L * longest / (6 * np.sqrt(3))  # half the bound of the Hessian's Lipschitz constant
    samples = model.prepare(dataset.train, np.dtype(float))
    objective = Oracle(Objective(model, samples, penalty(l2=1e-10 * L)))
    rule, w = REGISTRY.get("regularized_newton")(h0=float(h0)), np.full((1, 300), 0.5)
    state, values = rule.init(w, objective), [objective.value(w)[0]]
    for _ in range(50):
        w, state = rule.update(w, state, objective)
        values.append(objective.value(w)[0])
    np.testing.assert_allclose(values[0], 5.8112995, atol=5e-8)
    least = 0.1108115080925  # published as 0.110811508
    np.testing.assert_allclose([values[step] - least for step in ADAN], list(ADAN.values()), rtol=0.03)
