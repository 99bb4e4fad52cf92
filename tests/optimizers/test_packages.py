"""Methods of today against the trajectories of their authors' packages and of optax."""

import json
from functools import cache

import numpy as np
import pytest

from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.datasets.loading import load
from optlab.models import REGISTRY as MODELS
from optlab.objective.objective import Objective
from optlab.objective.oracle import Oracle
from optlab.optimizers import REGISTRY
from tests.references.package_trajectories import CASES, FILE, STEPS, objective, trajectory

REFERENCE = json.loads(FILE.read_text())


@pytest.mark.parametrize("model", ["logistic", "mlp"])
@pytest.mark.parametrize("case", CASES)
def test_follows_its_package_for_60_steps(case: str, model: str):
    name, options, _, _ = CASES[case]
    oracle, w = objective(model)
    rule = REGISTRY.get(name)(**options)
    state = rule.init(w, oracle)
    expected = dict(zip(REFERENCE["steps"], REFERENCE["trajectories"][case][model], strict=True))
    for step in range(1, STEPS + 1):
        w, state = rule.update(w, state, oracle)
        if step in expected:
            difference = np.abs(w[0] - expected[step]).max() / np.abs(expected[step]).max()
            assert difference < 1e-10  # sixty steps of rounding


@cache
def real_problem(name: str) -> tuple[Oracle, Array]:
    """Logistic regression on Pima, or a network with two layers of 16 on digits, and where it starts."""
    try:
        dataset = load({"name": name})
    except UserError:
        pytest.skip(f"needs {name}: optlab-data fetch {name}, or set OPTLAB_DATA_DIR")
    d, rng = dataset.n_features, np.random.default_rng(3)
    model = MODELS.get("logistic")(d, 2) if name == "pima" else MODELS.get("mlp")(d, 10, hidden=[16, 16])
    start = model.initial(rng) if name == "digits" else rng.normal(size=d + 1)
    return Oracle(Objective(model, model.prepare(dataset.train, np.dtype(float)))), start[None]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["pima", "digits"])
@pytest.mark.parametrize("case", CASES)
def test_follows_its_package_on_real_data(case: str, name: str):
    method, options, target, theirs = CASES[case]
    for library in ("torch", "optax", target.split(".")[0]):
        pytest.importorskip(library)
    (oracle, start), rule = real_problem(name), REGISTRY.get(method)(**options)
    state, w = rule.init(start, oracle), start
    for expected in trajectory(oracle, start, target, theirs):
        w, state = rule.update(w, state, oracle)
        assert np.abs(w[0] - expected).max() < 1e-10 * np.abs(expected).max()
