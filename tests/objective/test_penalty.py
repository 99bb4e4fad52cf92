"""Penalties: every term against finite differences and brute force."""

import numpy as np
import pytest

from optlab.core.errors import UserError
from optlab.objective.penalty import NONE, OPTIONS, TERMS, Penalty, penalty, penalty_of, stack_penalties

R, P = 3, 5
MASK = np.array([1.0, 1.0, 1.0, 0.0, 0.0])
STRENGTHS = [0.7, np.array([[0.0], [0.3], [2.0]])]


@pytest.fixture
def w() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(R, P))


def numerical(f, w: np.ndarray, h: float = 1e-5) -> np.ndarray:
    """Central differences of f (R, ...) along every parameter: (R, P, ...); they err by about h^2."""
    steps = h * np.eye(P)
    return np.stack([(f(w + step) - f(w - step)) / (2 * h) for step in steps], axis=1)


SMOOTH = [name for name in TERMS if TERMS[name].gradient]


@pytest.mark.parametrize("strength", STRENGTHS)
@pytest.mark.parametrize("name", SMOOTH)
def test_gradient_and_hessian_diagonal_are_the_derivatives(name, strength, w):
    some = Penalty({name: strength}).restrict(MASK)
    gradient = some.gradient(w)
    np.testing.assert_allclose(gradient, numerical(lambda u: some.value(u), w), atol=1e-9)
    hessian = np.stack([np.diag(row) for row in some.hessian_diagonal(w)])
    np.testing.assert_allclose(hessian, numerical(lambda u: some.gradient(u), w), atol=1e-9)


@pytest.mark.parametrize("name", SMOOTH)
def test_no_curvature_is_outside_the_bounds_and_both_are_reached(name):
    some, points = Penalty({name: 0.7}), np.linspace(-5, 5, 2001)[:, None]
    curvatures = some.hessian_diagonal(points)
    assert curvatures.min() == pytest.approx(some.strong_convexity, rel=1e-6)
    assert curvatures.max() == pytest.approx(some.max_curvature, rel=1e-6)


@pytest.mark.parametrize("step", [0.5, np.array([[0.1], [1.0], [3.0]])])
@pytest.mark.parametrize("name", [name for name in TERMS if name not in SMOOTH])
def test_prox_minimises_the_term_and_half_the_squared_distance_over_the_step(name, step, w):
    some = Penalty({name: STRENGTHS[1]}).restrict(MASK)
    found = some.prox(w, step)
    grid = np.linspace(-4, 4, 8001)  # of a thousandth
    for r, of_run in enumerate(np.broadcast_to(np.ravel(step), R)):
        for p in range(P):
            one = Penalty({name: some.strengths[name][r, p]})
            costs = one.value(grid[:, None]) + (grid - w[r, p]) ** 2 / (2 * of_run)
            assert abs(found[r, p] - grid[costs.argmin()]) <= 1e-3
    np.testing.assert_array_equal(found[:, 3:], w[:, 3:])  # biases stay


def test_the_prox_of_what_is_smooth_alone_is_nothing(w):
    assert Penalty({"l2": 0.7, "nonconvex": 0.1}).prox(w, 0.5) is w
    assert NONE.prox(w, 0.5) is w


def test_l2_is_half_the_square_of_the_weights_without_the_biases(w):
    expected = 0.5 * STRENGTHS[1][:, 0] * (w[:, :3] ** 2).sum(1)
    np.testing.assert_allclose(penalty(l2=STRENGTHS[1]).restrict(MASK).value(w), expected, rtol=1e-15)


def test_terms_add_up(w):
    parts = [Penalty({"l2": 0.7}), Penalty({"nonconvex": STRENGTHS[1]}), Penalty({"l1": 0.2})]
    together = Penalty({"l2": 0.7, "nonconvex": STRENGTHS[1], "l1": 0.2})
    own = [part.restrict(MASK) for part in parts]
    for of in (
        lambda some: some.value(w),
        lambda some: some.gradient(w),
        lambda some: some.hessian_diagonal(w),
        lambda some: some.prox(w, 0.5) - w,  # of one term only
    ):
        np.testing.assert_allclose(of(together.restrict(MASK)), sum(map(of, own)), rtol=1e-14, atol=1e-15)
    assert (parts[0].is_smooth, parts[2].is_smooth, together.is_smooth) == (True, False, False)
    assert [part.is_quadratic for part in parts] == [True, False, False]


def test_no_penalty_is_nothing(w):
    assert not NONE
    assert NONE == penalty(l2=0.0) == stack_penalties([NONE, NONE], np.dtype(float))
    assert not NONE.value(w).any() and not NONE.gradient(w).any()
    assert not NONE.hessian_diagonal(w).any()
    assert (NONE.is_smooth, NONE.is_quadratic, NONE.strong_convexity, NONE.max_curvature) == (
        True,
        True,
        0,
        0,
    )
    assert NONE.describe() == "no penalty"


def test_a_penalty_is_told_with_its_strength():
    assert penalty(l2=0.001).describe() == "l2 = 0.001"
    assert penalty(l2=0.001, l1="0.1*max").describe() == "l2 = 0.001, l1 = 0.1*max"


@pytest.mark.parametrize(
    "text", ["0*max", "1*max", "2*max", "-0.1*max", "nan*max", "max", "0.1*min", "x*max"]
)
def test_a_share_of_the_largest_l1_is_above_0_and_below_1(text):
    with pytest.raises(UserError, match=r"^model\.l1=.*SHARE\*max, a share between 0 and 1"):
        penalty_of({"l1": text})
    assert penalty_of({"l1": "1e-3*max"}).strengths == {"l1": "1e-3*max"}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_penalties_of_a_stack_are_those_of_its_runs(dtype, w):
    w, each = w.astype(dtype), [penalty(l2=c) for c in (0.0, 0.3, 2.0)]
    together = stack_penalties(each, np.dtype(dtype))
    assert together.gradient(w).dtype == dtype
    for r, one in enumerate(each):
        row = w[[r]]
        np.testing.assert_array_equal(together.gradient(w)[[r]], one.gradient(row))
        chosen = together.select_runs(np.array([r]))
        np.testing.assert_array_equal(chosen.value(row), one.value(row))


def test_runs_that_agree_share_one_number():
    assert stack_penalties([penalty(l2=0.3)] * 3, np.dtype(float)) == penalty(l2=0.3)


def test_a_section_of_the_configuration_sets_the_options_that_it_names():
    assert penalty_of({"name": "logistic", "l2": 1}) == penalty(l2=1.0)
    assert penalty_of({"name": "logistic"}) == NONE
    assert set(OPTIONS) == TERMS.keys()
    with pytest.raises(UserError, match=r"model\.l2=-1: must be a number at least 0"):
        penalty_of({"l2": -1})
