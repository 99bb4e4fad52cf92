"""Layer-wise methods against other libraries' trajectories of the same methods, and who may have them."""

import json

import numpy as np
import pytest

from optlab.core.errors import UserError
from optlab.core.options import defaults
from optlab.datasets.dataset import Part
from optlab.models import REGISTRY as MODELS
from optlab.objective.objective import Objective
from optlab.objective.oracle import Oracle
from optlab.objective.penalty import NONE
from optlab.optimizers import REGISTRY, asks
from optlab.optimizers.eigenbasis import eigenbasis, power_iteration
from optlab.optimizers.orthogonal import orthogonal
from optlab.training.loop import RunSpec, Training, train
from tests.references.layer_trajectories import CASES, HERE, STEPS, STORED, digest, problem
from tests.test_consistency import data

REFERENCE = json.loads((HERE / "layer_trajectories.json").read_text())
PAIRS = [(case, model) for case, models in REFERENCE.items() for model in models]


def oracle(model_name: str) -> tuple[Oracle, np.ndarray]:
    """The reference's problem, and where it starts."""
    x, y, start = problem(model_name)
    if model_name in ("logistic", "plain"):
        model = MODELS.get("logistic")(30, 2, fit_intercept=model_name == "logistic")
    else:
        hidden = [16, 16] if model_name == "digits" else [3]
        model = MODELS.get("mlp")(x.shape[1], int(y.max()) + 1, hidden=hidden, activation="tanh")
    return Oracle(Objective(model, model.prepare(Part(x, y), np.dtype(float)))), start[None]


@pytest.mark.parametrize("case, model_name", PAIRS)
def test_follows_the_reference_for_60_steps(case: str, model_name: str):
    name, options, _, _ = CASES[case]
    objective, w = oracle(model_name)
    rule = REGISTRY.get(name)(**options)
    state, path = rule.init(w, objective), []
    for _ in range(STEPS):
        w, state = rule.update(w, state, objective)
        path.append(digest(w[0]))
    expected = np.array(REFERENCE[case][model_name])
    difference = np.abs(np.array(path)[np.array(STORED) - 1] - expected).max() / np.abs(expected).max()
    assert difference < 1e-10  # sixty steps of rounding


@pytest.mark.parametrize("name", [name for name in REGISTRY.names() if "matrices" in asks(name)])
def test_a_method_of_matrices_is_refused_where_there_is_none(name):
    run = RunSpec(name, defaults(REGISTRY.get(name)), NONE, 0)
    with pytest.raises(
        UserError, match=rf"^optimizer={name} model=logistic: .* single vector; use model=softmax"
    ):
        train(MODELS.get("logistic")(4, 2), data("dense"), [run], Training(epochs=1))
    single = MODELS.get("mlp")(4, 2, hidden=[])
    with pytest.raises(UserError, match=r"single vector"):
        train(single, data("dense"), [run], Training(epochs=1))
    history = train(MODELS.get("softmax")(4, 2), data("dense"), [run], Training(epochs=3))
    assert history.columns["train_cost"][-1, 0] < history.columns["train_cost"][0, 0]


def test_the_iteration_comes_near_an_orthogonal_matrix():
    x = np.random.default_rng(0).normal(size=(3, 5, 8))
    for matrices in (x, x.swapaxes(1, 2)):
        singular = np.linalg.svd(orthogonal(matrices, 5, 1e-8), compute_uv=False)
        assert (singular > 0.6).all() and (singular < 1.3).all()


def test_an_eigenbasis_does_not_depend_on_rounding_where_there_is_a_null_space():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, 6, 2))
    h = x @ x.swapaxes(1, 2)
    disturbed = h * (1 + 1e-15 * rng.normal(size=h.shape))
    disturbed = (disturbed + disturbed.swapaxes(1, 2)) / 2
    basis, other = eigenbasis(h), eigenbasis(disturbed)
    np.testing.assert_allclose(np.abs(other.swapaxes(1, 2) @ basis), np.eye(6)[None].repeat(2, 0), atol=1e-12)
    np.testing.assert_allclose(
        np.diagonal(basis.swapaxes(1, 2) @ h @ basis, axis1=1, axis2=2)[:, 2:], 0, atol=1e-12
    )
    nearer, order = power_iteration(h, basis)
    np.testing.assert_array_equal(order[:, :2], [[0, 1], [0, 1]])
    np.testing.assert_allclose(np.abs((nearer * basis).sum(1)), 1, atol=1e-12)


@pytest.mark.parametrize("longest", [3, 20])
def test_shampoo_keeps_the_diagonal_of_long_sides(longest):
    """One step from 0: L^(-1/4) G R^(-1/4), by hand."""
    dataset = data("multinomial")
    model = MODELS.get("softmax")(4, 3)
    objective = Oracle(Objective(model, model.prepare(dataset.train, np.dtype(float))))
    w, eps = np.zeros((1, 15)), 1e-3
    g = objective.gradient(w)[0, :12].reshape(4, 3)
    rule = REGISTRY.get("shampoo")(lr=1.0, eps=eps, longest=longest)
    new, _ = rule.update(w, rule.init(w, objective), objective)
    rows, columns = g @ g.T + eps * np.eye(4), g.T @ g + eps * np.eye(3)
    left = np.diag(np.diag(rows)) if longest == 3 else rows
    roots = [(v * s**-0.25) @ v.T for s, v in map(np.linalg.eigh, (left, columns))]
    np.testing.assert_allclose(new[0, :12].reshape(4, 3), -roots[0] @ g @ roots[1], rtol=1e-10)
