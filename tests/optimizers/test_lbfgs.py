"""L-BFGS: which pairs are left out, and what becomes of the others."""

import numpy as np
import pytest

from optlab.datasets.dataset import Part
from optlab.models import REGISTRY as MODELS
from optlab.objective.objective import Objective
from optlab.objective.oracle import Oracle
from optlab.objective.penalty import NONE
from optlab.optimizers.lbfgs import LbfgsState, Pair, lbfgs
from tests.references.pytorch_trajectories import problem


@pytest.mark.parametrize("line_search", ["strong_wolfe", "backtracking", "none"])
def test_gradients_whose_squares_underflow_end_in_no_nan(line_search):
    x = np.array([[1.0, 0.2], [0.8, -0.1], [-1.0, 0.3], [-0.7, 0.1]], np.float32)
    model = MODELS.get("logistic")(2, 2)  # separable: the cost falls to 0, which is never reached
    objective = Oracle(Objective(model, model.prepare(Part(x, np.array([1, 1, 0, 0])), np.dtype(np.float32))))
    rule, w = lbfgs(line_search=line_search), np.zeros((1, 3), np.float32)
    state = rule.init(w, objective)
    for _ in range(100):
        w, state = rule.update(w, state, objective)
    assert np.abs(objective.gradient(w)).max() < np.sqrt(np.finfo(np.float32).tiny)


def test_a_pair_left_out_displaces_no_other_unless_the_run_has_not_moved():
    x, y, start = problem("logistic")
    x[:, 3] = 0  # so is the gradient there, and any change of it is exact
    model = MODELS.get("logistic")(4, 2)
    objective = Oracle(Objective(model, model.prepare(Part(x, y), np.dtype(float)), NONE), 4)
    w, ones = np.stack([start] * 4), np.ones((4, 5))
    g = objective.gradient(w)
    s = np.array([[0.1], [0.1], [0.1], [0.0]]) * ones
    change = np.array([[0.1], [-0.1], [1e-20], [0.0]]) * np.eye(5)[3]  # convex, concave, rounding, nothing
    pairs = tuple(Pair(size * ones, ones, 0.2 / size * ones[:, :1]) for size in (3, 4))
    state = LbfgsState(w - s, g - change, ones[:, :1], pairs)
    _, state = lbfgs(history=2, line_search="none").update(w, state, objective)
    first, second = state.pairs
    np.testing.assert_allclose(first.s[:, 0], [4, 3, 3, 4])
    np.testing.assert_allclose(second.s[:, 0], [0.1, 4, 4, 0])
    np.testing.assert_array_equal(second.rho[:, 0] > 0, [True, True, True, False])
