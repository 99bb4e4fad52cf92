"""The Hessian among some parameters is that part of the Hessian."""

import numpy as np
import pytest

from optlab.models import REGISTRY
from optlab.models.model import HessianBlocks
from optlab.objective.objective import Objective
from optlab.objective.oracle import COUNTERS, Oracle
from optlab.objective.penalty import penalty
from tests.test_consistency import MODEL, data


@pytest.mark.parametrize("options", [{}, {"fit_intercept": False}, {"class_weight": "balanced"}])
@pytest.mark.parametrize("problem", MODEL)
def test_it_is_the_block_of_the_hessian(problem, options):
    dataset = data(problem)
    model = REGISTRY.get(MODEL[problem])(4, dataset.n_classes, **options)
    samples, rng = model.prepare(dataset.train, np.dtype(float)), np.random.default_rng(0)
    w = rng.normal(size=(3, model.n_parameters))
    positions = np.stack([rng.permutation(model.n_parameters)[:3] for _ in w])
    oracle = Oracle(Objective(model, samples, penalty(l2=0.1)), 3)
    block, whole = oracle.hessian_block(w, positions), oracle.hessian(w)
    expected = [h[np.ix_(chosen, chosen)] for h, chosen in zip(whole, positions, strict=True)]
    np.testing.assert_allclose(block, expected, rtol=1e-12, atol=1e-15)
    share = (3 / model.n_parameters) ** 2
    np.testing.assert_allclose(oracle.counts[COUNTERS.index("hessian_evals")], 1 + share)


def test_linear_models_alone_compute_it():
    of_labels = {"logistic", "softmax", "mlp", "perceptron"}
    able = {name for name in of_labels if isinstance(REGISTRY.get(name)(4, 2), HessianBlocks)}
    assert able == {"logistic", "softmax"}
