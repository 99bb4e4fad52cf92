"""BFGS and SR1 beside SciPy's updates of the same matrices, and beside SciPy's minimisers."""

import numpy as np
import pytest
from scipy.optimize import BFGS, SR1, HessianUpdateStrategy, brentq, minimize

from optlab.optimizers import REGISTRY
from optlab.optimizers.bfgs import bfgs
from optlab.optimizers.sr1_trust_region import sr1_trust_region
from tests.optimizers.quadratic import Quadratic, steps
from tests.optimizers.test_contract import starts, strongly_convex


def matrix_of(strategy: HessianUpdateStrategy) -> np.ndarray:
    return np.array(strategy.get_matrix())


def test_bfgs_has_the_inverse_hessian_of_scipy():
    objective, w = strongly_convex(1), starts(1)
    rule = bfgs()
    state, theirs, points = rule.init(w, objective), BFGS(init_scale="auto"), []
    theirs.initialize(4, "inv_hess")
    for _ in range(12):
        points.append((w[0], objective.gradient(w)[0]))
        w, state = rule.update(w, state, objective)
        if len(points) > 1:
            (w1, g1), (w2, g2) = points[-2:]
            theirs.update(w2 - w1, g2 - g1)
            np.testing.assert_allclose(state.inverse[0], matrix_of(theirs), rtol=1e-8, atol=1e-10)


def test_bfgs_minimises_a_quadratic_in_little_more_steps_than_it_has_dimensions():
    path = np.array(steps(bfgs(curvature=1e-3), Quadratic(1, 3, 10, 40), [1, 2, -1, 1], 6))
    np.testing.assert_allclose(path[5], 0, atol=1e-6)


def sr1_by_hand(value, gradient, w, steps, radius):
    """Nocedal and Wright, algorithm 6.2, with SciPy's update and Brent's method for the region's edge."""
    b, path = SR1(init_scale=1.0), []
    b.initialize(len(w), "hess")
    for _ in range(steps):
        g, matrix = gradient(w), matrix_of(b)
        values, vectors = np.linalg.eigh(matrix)

        def point(a, c=vectors.T @ g, values=values, vectors=vectors):
            return -vectors @ (c / (values + a))

        p = point(0.0) if values[0] > 0 else None
        if p is None or np.linalg.norm(p) > radius:
            least = max(0.0, -values[0])
            edge = brentq(
                lambda a, point=point, radius=radius: np.linalg.norm(point(a)) - radius,
                least + 1e-13,
                least + np.linalg.norm(g) / radius + 1.0,
                xtol=1e-15,
                rtol=1e-15,
            )
            p = point(edge)
        predicted = -(g @ p + p @ matrix @ p / 2)
        gain = value(w) - value(w + p)
        b.update(p, gradient(w + p) - g)
        w = w + p if gain > 1e-3 * predicted else w
        if gain < predicted / 10:
            radius /= 2
        elif gain > 3 * predicted / 4 and np.linalg.norm(p) > 0.8 * radius:
            radius *= 2
        path.append(w)
    return path


def test_sr1_follows_the_algorithm_of_the_book():
    objective, w = strongly_convex(1), starts(1)
    expected = sr1_by_hand(
        lambda x: objective.value(x[None])[0], lambda x: objective.gradient(x[None])[0], w[0], 8, 0.3
    )
    rule = sr1_trust_region(radius=0.3)
    state = rule.init(w, objective)
    for point in expected:
        w, state = rule.update(w, state, objective)
        np.testing.assert_allclose(w[0], point, rtol=1e-7)


def test_a_step_that_leads_uphill_is_not_taken_but_learned_from():
    """J = (w^2 - 1)^2 near 0, where it bends down: B = 1 does not know that."""

    class Wells(Quadratic):
        def value(self, w):
            return ((w**2 - 1) ** 2).sum(1)

        def gradient(self, w, clip=True):
            return 4 * w * (w**2 - 1)

    path = np.ravel(steps(sr1_trust_region(radius=4.0), Wells(1), [0.6], 20))
    assert path[0] == 0.6
    np.testing.assert_allclose(path[-1], 1.0, rtol=1e-9)


@pytest.mark.parametrize("name", ["bfgs", "sr1_trust_region", "cubic_newton", "regularized_newton"])
def test_it_ends_where_scipy_ends(name):
    objective, w = strongly_convex(1), starts(1)
    theirs = minimize(
        lambda x: objective.value(x[None])[0],
        w[0],
        jac=lambda x: objective.gradient(x[None])[0],
        hess=None if name == "bfgs" else lambda x: objective.hessian(x[None])[0],
        method="BFGS" if name == "bfgs" else "trust-exact",
        options={"gtol": 1e-9},
    )
    rule = REGISTRY.get(name)()
    state = rule.init(w, objective)
    for _ in range(2 * theirs.nit + 6):
        w, state = rule.update(w, state, objective)
    np.testing.assert_allclose(w[0], theirs.x, atol=1e-7)
