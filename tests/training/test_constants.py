"""Numbers that runs leave to what is known of their cost."""

import numpy as np
import pytest

from optlab.core.errors import UserError
from optlab.datasets.dataset import Dataset, Part
from optlab.models import REGISTRY as MODELS
from optlab.objective.penalty import NONE, penalty
from optlab.training.constants import with_constants
from optlab.training.loop import RunSpec, Training, train
from optlab.training.optimum.minimum import minimum
from tests.test_consistency import data

POLYAK = {"lr": 1.0, "optimum": "auto"}


def test_every_run_has_the_least_value_of_its_own_cost():
    dataset, model = data("dense"), MODELS.get("logistic")(4, 2)
    runs = [RunSpec("polyak", POLYAK, penalty(l2=l2), seed) for l2 in (0.1, 0.5) for seed in (0, 1)]
    found = [run.options["optimum"] for run in with_constants(runs, model, dataset, None)]
    expected = [minimum(model, dataset, penalty(l2=l2)).cost for l2 in (0.1, 0.5)]
    assert found == [expected[0]] * 2 + [expected[1]] * 2


def test_in_single_precision_too():
    dataset, model = data("dense"), MODELS.get("logistic")(4, 2)
    budget = Training(epochs=None, max_steps=200, record_every=200)
    history = train(model, dataset, [RunSpec("polyak", POLYAK, penalty(l2=0.1), 0)], budget, dtype="float32")
    gap = history.columns["train_cost"][-1, 0] - minimum(model, dataset, penalty(l2=0.1)).cost
    assert abs(gap) < 1e-6


def refusal(model, dataset, strength=NONE) -> str:
    with pytest.raises(UserError) as error:
        train(model, dataset, [RunSpec("polyak", POLYAK, strength, 0)], Training(epochs=1))
    return str(error.value)


def test_a_cost_without_a_certified_least_value_is_refused_with_what_to_give():
    x = np.linspace(-1, 1, 20)[:, None]
    nothing = Part(x[:0], np.empty(0, int))
    separable = Dataset("line", Part(x, (x[:, 0] > 0).astype(int)), nothing, nothing, ("a",), ("n", "y"), "")
    remedy = "give a number that the cost is never below, such as optimizer.optimum=0"
    network = refusal(MODELS.get("mlp")(4, 2), data("dense"))
    assert network.startswith("optimizer.optimum=auto: ") and network.endswith(remedy)
    endless = refusal(MODELS.get("logistic")(1, 2), separable)
    assert "separable" in endless and endless.endswith(remedy)
