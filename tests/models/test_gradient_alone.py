"""The gradient alone has the bits of the gradient that comes with the value."""

import numpy as np
import pytest

from optlab.datasets.dataset import Part
from optlab.models import REGISTRY
from optlab.models.model import GradientAlone
from optlab.objective.objective import Objective
from optlab.objective.penalty import penalty
from tests.test_consistency import data


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("options", [{}, {"loss": "mse"}, {"class_weight": "balanced"}])
@pytest.mark.parametrize("problem", ["dense", "sparse"])
def test_it_does_whatever_the_size_of_the_margins(problem, options, dtype):
    part = data(problem).train
    part = Part(part.x.astype(dtype), part.y)
    model = REGISTRY.get("logistic")(4, 2, **options)
    objective = Objective(model, model.prepare(part, np.dtype(dtype)), penalty(l2=0.1))
    w = np.random.default_rng(0).normal(size=(6, model.n_parameters)).astype(dtype)
    w *= np.array([0.0, 1.0, 30.0, 1e3, 1e30, np.nan], dtype)[:, None]
    with np.errstate(all="ignore"):
        alone, together = objective.gradient(w), objective.evaluate(w, gradient=True).gradient
    np.testing.assert_array_equal(alone, together)


@pytest.mark.parametrize("name", ["logistic", "perceptron"])
def test_models_of_margins_compute_it(name):
    assert isinstance(REGISTRY.get(name)(4, 2), GradientAlone)
