"""Every first-order optimizer against PyTorch's trajectory of the same method."""

import json

import numpy as np
import pytest

from optlab.datasets.dataset import Part
from optlab.models import REGISTRY as MODELS
from optlab.objective.objective import Objective
from optlab.objective.oracle import Oracle
from optlab.optimizers import REGISTRY
from optlab.optimizers.groups import Groups, layers
from tests.references.pytorch_trajectories import CASES, CLIP_NORM, GROUPS, HERE, STEPS, problem

REFERENCE = json.loads((HERE / "pytorch_trajectories.json").read_text())


@pytest.mark.parametrize("model_name", ["logistic", "mlp"])
@pytest.mark.parametrize("case", CASES)
def test_follows_pytorch_for_60_steps(case: str, model_name: str):
    name, options, _, _ = CASES[case]
    x, y, start = problem(model_name)
    factory = MODELS.get(model_name)
    model = factory(4, 2) if model_name == "logistic" else factory(4, 3, hidden=[3], activation="tanh")
    clip_norm = options.get(CLIP_NORM)
    objective = Oracle(Objective(model, model.prepare(Part(x, y), np.dtype(float))), clip_norm=clip_norm)
    numbers = {key: value for key, value in options.items() if key not in (CLIP_NORM, GROUPS)}
    if groups := options.get(GROUPS):
        rates = groups["layer_rates"] and groups["layer_rates"][: layers(model.penalty_mask)[-1] + 1]
        factors = Groups(groups["decay_biases"], rates).factors(model.penalty_mask)
        numbers |= {key: numbers[key] * factor for key, factor in factors.items()}
    rule = REGISTRY.get(name)(**numbers)
    w = start[None]
    state = rule.init(w, objective)
    expected = dict(zip(REFERENCE["steps"], REFERENCE["trajectories"][case][model_name], strict=True))
    for step in range(1, STEPS + 1):
        w, state = rule.update(w, state, objective)
        if step in expected:
            difference = np.abs(w[0] - expected[step]).max() / np.abs(expected[step]).max()
            assert difference < 1e-10  # sixty steps of rounding
