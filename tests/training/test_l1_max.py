"""The least l1 whose solution is zero."""

import numpy as np
import pytest

from optlab.core.errors import UserError
from optlab.core.options import defaults
from optlab.models import REGISTRY as MODELS
from optlab.objective.penalty import penalty
from optlab.optimizers import REGISTRY
from optlab.training.l1_max import l1_max, with_numbers
from optlab.training.loop import RunSpec, Training, train
from tests.test_consistency import data

MODEL = [
    ("dense", "logistic", {}),
    ("dense", "logistic", {"fit_intercept": False}),
    ("sparse", "logistic", {"class_weight": "balanced"}),
    ("multinomial", "softmax", {}),
]


@pytest.mark.parametrize(("problem", "name", "options"), MODEL)
def test_the_solution_is_zero_from_there_on_and_not_before(problem, name, options):
    dataset = data(problem)
    model = MODELS.get(name)(4, dataset.n_classes, **options)
    if options.get("class_weight"):
        model.class_weight = options["class_weight"]
    largest = l1_max(model, dataset.train)
    fista = {**defaults(REGISTRY.get("fista")), "lr": "auto"}
    runs = [RunSpec("fista", fista, penalty(l1=share * largest), 0) for share in (0.999, 1 + 1e-9)]
    history = train(model, dataset, runs, Training(epochs=None, max_steps=3000, record_every=3000))
    below, above = history.columns["nonzeros"][-1]
    assert above == 0 < below


def test_shares_become_numbers_and_numbers_stay():
    dataset = data("dense")
    model = MODELS.get("logistic")(4, 2)
    largest = l1_max(model, dataset.train)
    given = penalty(l2=0.5, l1="0.25*max")
    assert with_numbers(given, model, dataset.train) == penalty(l2=0.5, l1=0.25 * largest)
    assert with_numbers(penalty(l1=0.3), model, dataset.train) == penalty(l1=0.3)


@pytest.mark.parametrize(("name", "options"), [("mlp", {}), ("logistic", {"loss": "mse"})])
def test_other_costs_have_none_that_is_known(name, options):
    dataset = data("dense")
    model = MODELS.get(name)(4, 2, **options)
    with pytest.raises(UserError, match=r"^model\.l1=SHARE\*max: .*give a number$"):
        with_numbers(penalty(l1="0.1*max"), model, dataset.train)
    assert np.isfinite(l1_max(MODELS.get("logistic")(4, 2), dataset.train))
