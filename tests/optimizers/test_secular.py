"""Minimisers of limited length: optimal by the theorems that characterise them, the hard case too."""

import numpy as np
import pytest

from optlab.optimizers.secular import limited_minimiser

R, P = 5, 4


def problem(shift: float) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    matrices = rng.normal(size=(R, P, P))
    return matrices + matrices.swapaxes(1, 2) + shift * np.eye(P), rng.normal(size=(R, P))


def multiplier(matrices, g, p):
    """a of (H + a I) p = -g."""
    residual = -g - np.einsum("rpq,rq->rp", matrices, p)
    return np.vecdot(residual, p) / np.vecdot(p, p), residual


@pytest.mark.parametrize("shift", [0.0, 8.0])
@pytest.mark.parametrize("radius", [1e-3, 0.2, 5.0])
def test_a_trust_region_has_its_global_minimiser(shift, radius):
    """Nocedal and Wright, theorem 4.1: H + a I is semidefinite, and a = 0 or ||p|| = radius."""
    matrices, g = problem(shift)
    size = np.full((R, 1), radius)
    norm = np.linalg.norm(g, axis=1, keepdims=True)
    p, bend = limited_minimiser(matrices, g, lambda a: size, norm / size)
    a, residual = multiplier(matrices, g, p)
    length = np.linalg.norm(p, axis=1)
    np.testing.assert_allclose(residual, a[:, None] * p, atol=1e-9)
    assert (np.linalg.eigvalsh(matrices)[:, 0] + a > -1e-9).all()
    assert (length <= radius * (1 + 1e-9)).all()
    np.testing.assert_allclose(a * (radius - length), 0, atol=1e-9)
    np.testing.assert_allclose(bend[:, 0], np.einsum("rp,rpq,rq->r", p, matrices, p), rtol=1e-9)


@pytest.mark.parametrize("shift", [0.0, 8.0])
@pytest.mark.parametrize("sigma", [1e-2, 1.0, 100.0])
def test_a_cubic_model_has_its_global_minimiser(shift, sigma):
    """Cartis, Gould and Toint, theorem 3.1: H + a I is semidefinite with a = sigma ||p||."""
    matrices, g = problem(shift)
    norm = np.linalg.norm(g, axis=1, keepdims=True)
    p, _ = limited_minimiser(matrices, g, lambda a: a / sigma, np.sqrt(sigma * norm))
    a, residual = multiplier(matrices, g, p)
    np.testing.assert_allclose(residual, a[:, None] * p, atol=1e-9)
    np.testing.assert_allclose(a, sigma * np.linalg.norm(p, axis=1), rtol=1e-6)
    assert (np.linalg.eigvalsh(matrices)[:, 0] + a > -1e-9).all()


def test_the_hard_case_goes_along_the_lowest_curvature():
    """H = diag(-2, 1), g = (0, 3): a = 2, p = (+-sqrt(4 - 1), -1) in the region of radius 2."""
    size = np.array([[2.0]])
    p, _ = limited_minimiser(np.diag([-2.0, 1.0])[None], np.array([[0.0, 3.0]]), lambda a: size, size)
    np.testing.assert_allclose(np.abs(p), [[np.sqrt(3), 1]], rtol=1e-12)


def test_a_run_that_is_not_finite_stays():
    matrices, g = problem(8.0)
    alone, _ = limited_minimiser(matrices, g, lambda a: np.ones_like(a), np.full((R, 1), 99.0))
    matrices[1], g[2] = np.nan, np.inf
    p, _ = limited_minimiser(matrices, g, lambda a: np.ones_like(a), np.full((R, 1), 99.0))
    assert not p[1:3].any()
    np.testing.assert_array_equal(p[[0, 3, 4]], alone[[0, 3, 4]])
