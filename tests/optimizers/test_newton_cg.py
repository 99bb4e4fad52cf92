"""Newton-CG: the subproblem against dense linear algebra, and trust regions on problems with and without."""

import numpy as np
import pytest
from scipy.optimize import minimize

from optlab.core.arrays import row_dot
from optlab.datasets.dataset import Part
from optlab.models import REGISTRY as MODELS
from optlab.objective.objective import Objective
from optlab.objective.oracle import Oracle
from optlab.objective.penalty import penalty
from optlab.optimizers import REGISTRY
from optlab.optimizers.steihaug import steihaug
from tests.optimizers.test_contract import strongly_convex

R, P = 5, 6


def matrices(lowest: float) -> np.ndarray:
    """Symmetric (R, P, P) with eigenvalues from `lowest` to 10."""
    rng = np.random.default_rng(0)
    q = np.linalg.qr(rng.normal(size=(R, P, P)))[0]
    return q @ (np.linspace(lowest, 10, P)[:, None] * np.swapaxes(q, 1, 2))


def solve(h: np.ndarray, g: np.ndarray, radius: float, tolerance: float = 1e-12, most: int = 50):
    def product(index: np.ndarray, v: np.ndarray) -> np.ndarray:
        return np.einsum("rpq,rq->rp", h[index], v)

    return steihaug(product, g, np.full((R, 1), radius), np.full((R, 1), tolerance), most)


def model(h: np.ndarray, g: np.ndarray, p: np.ndarray) -> np.ndarray:
    return row_dot(g, p)[:, 0] + np.einsum("rp,rpq,rq->r", p, h, p) / 2


G = np.random.default_rng(1).normal(size=(R, P))


def test_in_a_wide_region_the_step_is_newtons():
    h = matrices(0.5)
    p, residual = solve(h, G, 1e6)
    np.testing.assert_allclose(p, -np.linalg.solve(h, G[..., None])[..., 0], rtol=1e-8)
    np.testing.assert_allclose(residual, 0, atol=1e-10)


@pytest.mark.parametrize("lowest", [0.5, -3.0])
def test_in_a_narrow_region_the_step_reaches_the_edge_and_beats_the_cauchy_point(lowest):
    h, radius = matrices(lowest), 0.05
    p, residual = solve(h, G, radius)
    np.testing.assert_allclose(np.linalg.norm(p, axis=1), radius, rtol=1e-12)
    np.testing.assert_allclose(residual, G + np.einsum("rpq,rq->rp", h, p), rtol=1e-12, atol=1e-14)
    norm, bend = np.sqrt(row_dot(G, G)), np.einsum("rp,rpq,rq->r", G, h, G)[:, None]
    length = np.where(bend > 0, np.minimum(norm**3 / (radius * np.where(bend > 0, bend, 1)), 1), 1)
    assert (model(h, G, p) <= model(h, G, -length * radius / norm * G) + 1e-14).all()


def test_negative_curvature_leads_to_the_edge_of_a_wide_region():
    p, _ = solve(matrices(-3.0), G, 100.0)
    np.testing.assert_allclose(np.linalg.norm(p, axis=1), 100, rtol=1e-12)


def test_runs_that_are_done_or_not_finite_are_left_alone():
    g = G.copy()
    g[1], g[3] = np.nan, 0
    p, _ = solve(matrices(0.5), g, 1e6)
    assert not p[[1, 3]].any()
    np.testing.assert_allclose(p[[0, 2, 4]], solve(matrices(0.5), G, 1e6)[0][[0, 2, 4]], rtol=1e-12)


def test_a_convex_problem_is_solved_in_few_steps_to_rounding():
    objective, w = strongly_convex(1), np.ones((1, 4))
    best = minimize(
        lambda v: objective.value(v[None])[0],
        w[0],
        jac=lambda v: objective.gradient(v[None])[0],
        hessp=lambda u, v: objective.hessian_vector(u[None], v[None])[0],
        method="trust-ncg",
        options={"gtol": 1e-12},
    )
    rule = REGISTRY.get("newton_cg")()
    state = rule.init(w, objective)
    for _ in range(15):
        w, state = rule.update(w, state, objective)
    np.testing.assert_allclose(w[0], best.x, atol=1e-12)


@pytest.mark.parametrize("hessian", ["exact", "gauss_newton"])
def test_a_network_is_trained_and_no_step_ascends(hessian):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(40, 2)), np.arange(40) % 3
    network = MODELS.get("mlp")(2, 3, hidden=[4], activation="tanh")
    objective = Oracle(Objective(network, network.prepare(Part(x, y), np.dtype(float)), penalty(l2=1e-3)), 3)
    w = np.stack([network.initial(np.random.default_rng(seed)) for seed in range(3)])
    rule = REGISTRY.get("newton_cg")(hessian=hessian)
    state, costs = rule.init(w, objective), [objective.value(w)]
    for _ in range(60):
        w, state = rule.update(w, state, objective)
        costs.append(objective.value(w))
    assert (np.diff(costs, axis=0) <= 1e-14).all()
    # labels at random leave large residuals, with which Gauss-Newton converges no faster than linearly
    assert np.abs(objective.gradient(w)).max() < {"exact": 1e-8, "gauss_newton": 0.05}[hessian]
