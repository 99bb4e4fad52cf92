"""Methods of today against the trajectories of their authors' packages and of optax."""

import json

import numpy as np
import pytest

from optlab.optimizers import REGISTRY
from tests.references.package_trajectories import CASES, FILE, STEPS, objective

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
