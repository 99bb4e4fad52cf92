"""Solving with matrices that need not be positive definite."""

import numpy as np
import pytest

from optlab.core.arrays import solve_positive_definite


def test_a_positive_definite_matrix_is_solved_as_it_is():
    h = np.array([[[4.0, 1.0], [1.0, 3.0]], [[2.0, 0.0], [0.0, 5.0]]])
    b = np.array([[1.0, 2.0], [3.0, -1.0]])
    np.testing.assert_allclose(
        solve_positive_definite(h, b), np.linalg.solve(h, b[..., None])[..., 0], rtol=1e-14
    )


def test_damping_is_added_to_the_diagonal():
    h, b = np.array([[[4.0, 1.0], [1.0, 3.0]]] * 2), np.ones((2, 2))
    damping = np.array([[0.5], [2.0]])
    expected = [np.linalg.solve(h[r] + damping[r] * np.eye(2), b[r]) for r in range(2)]
    np.testing.assert_allclose(solve_positive_definite(h, b, damping), expected, rtol=1e-14)


@pytest.mark.parametrize("eigenvalues", [(1.0, -1.0), (1.0, 0.0), (0.0, 0.0), (-2.0, -3.0)])
def test_the_answer_descends_even_where_the_matrix_is_not_positive_definite(eigenvalues):
    rotation = np.array([[0.8, -0.6], [0.6, 0.8]])
    h = rotation @ np.diag(eigenvalues) @ rotation.T
    g = np.array([[1.0, 2.0]])
    direction = -solve_positive_definite(h[None], g)
    assert np.isfinite(direction).all()
    assert (direction * g).sum() < 0


def test_rows_that_are_not_finite_give_nan_and_leave_the_others():
    h, b = np.stack([np.eye(2), np.full((2, 2), np.inf)]), np.ones((2, 2))
    x = solve_positive_definite(h, b)
    np.testing.assert_array_equal(x[0], [1, 1])
    assert np.isnan(x[1]).all()


def positive_definite(condition: float, dtype: str = "float64") -> np.ndarray:
    """A matrix (5, 5) with a unit diagonal and about this condition number."""
    rng = np.random.default_rng(0)
    rotation = np.linalg.qr(rng.normal(size=(5, 5)))[0]
    h = rotation @ np.diag(np.geomspace(1, condition, 5)) @ rotation.T
    size = np.sqrt(h.diagonal())
    return (h / size / size[:, None]).astype(dtype)


@pytest.mark.parametrize(("dtype", "condition"), [("float64", 1e12), ("float32", 1e4)])
def test_nothing_is_added_where_pivots_are_above_rounding(dtype, condition):
    h = positive_definite(condition, dtype)
    b = h @ np.ones(5, dtype)
    [x] = solve_positive_definite(h[None], b[None])
    np.testing.assert_allclose(h @ x, b, rtol=0, atol=20 * np.finfo(dtype).eps)  # a backward stable solve


@pytest.mark.parametrize("eigenvalue", [1.0, 0.0])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_answer_follows_a_change_of_units(dtype, eigenvalue):
    """Powers of two, which are exact: the answer then has the same bits, of a singular matrix too."""
    rng = np.random.default_rng(1)
    factor = rng.normal(size=(4, 5)).astype(dtype)
    h = factor.T @ factor + np.diag(np.full(5, eigenvalue, dtype))  # of rank 4, or positive definite
    b, scale = h @ np.ones(5, dtype), (2.0 ** rng.integers(-26, 27, 5)).astype(dtype)
    scaled = h * scale * scale[:, None]
    [x], [y] = (solve_positive_definite(m[None], v[None]) for m, v in ((h, b), (scaled, b * scale)))
    np.testing.assert_array_equal(y * scale, x)


def test_a_singular_matrix_is_mended_at_the_level_of_rounding():
    """The third row is the sum of the others; the answer is exact in all directions but the flat one."""
    h = np.array([[2.0, 1.0, 3.0], [1.0, 5.0, 6.0], [3.0, 6.0, 9.0]])
    b = h @ [1.0, 2.0, 3.0]
    [x] = solve_positive_definite(h[None], b[None])
    np.testing.assert_allclose(h @ x, b, rtol=1e-12)
    assert np.abs(x).max() < 10


def test_a_parameter_that_nothing_depends_on_stays_where_it_is():
    h, b = np.diag([4.0, 0.0, 1e-12]), np.array([8.0, 0.0, 3e-12])
    np.testing.assert_allclose(solve_positive_definite(h[None], b[None])[0], [2, 0, 3], rtol=1e-12)


def test_single_precision_stays_single_whatever_is_added():
    for h in (np.eye(2), np.diag([1.0, -1.0]), np.zeros((2, 2))):
        x = solve_positive_definite(h[None].astype("f4"), np.ones((1, 2), "f4"), 0.0)
        assert x.dtype == np.float32 and np.isfinite(x).all()
