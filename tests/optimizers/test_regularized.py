"""Regularised Newton methods, step by step."""

import numpy as np
from scipy.optimize import minimize

from optlab.optimizers.cubic_newton import cubic_newton
from optlab.optimizers.regularized_newton import regularized_newton
from tests.optimizers.quadratic import Quadratic, steps
from tests.optimizers.test_contract import starts, strongly_convex, trajectory


def test_regularized_newton_is_the_papers_loop():
    objective, x, h = strongly_convex(1), starts(1)[0], 2.0
    before, expected = None, []
    for _ in range(12):
        g, hessian = objective.gradient(x[None])[0], objective.hessian(x[None])[0]
        if before is not None:
            s = x - before[0]
            m = np.linalg.norm(g - before[1] - before[2] @ s) / np.linalg.norm(s) ** 2
            h = max(m, h / 2)
        before = x, g, hessian
        x = x - np.linalg.solve(hessian + np.sqrt(h * np.linalg.norm(g)) * np.eye(4), g)
        expected.append(x)
    path = trajectory(regularized_newton(h0=2.0), starts(1), objective, 12)[:, 0]
    np.testing.assert_allclose(path, expected, rtol=1e-7)  # m is a quotient of roundings near the end


def test_a_cubic_step_minimises_the_model():
    objective, w, sigma = strongly_convex(1), starts(1), 3.0
    g, hessian = objective.gradient(w)[0], objective.hessian(w)[0]

    def model(p):
        return g @ p + p @ hessian @ p / 2 + sigma * np.linalg.norm(p) ** 3 / 3

    p = minimize(model, np.full(4, 1e-2), method="BFGS", options={"gtol": 1e-12}).x
    rule = cubic_newton(sigma=sigma)
    step = rule.update(w, rule.init(w, objective), objective)[0] - w
    np.testing.assert_allclose(step[0], p, atol=1e-6)


class Quartic(Quadratic):
    """J = sum(w^4) / 4 - a w^2 / 2: the Hessian changes, and is negative at 0."""

    def value(self, w):
        return (w**4 / 4 - self.a * w**2 / 2).sum(1)

    def gradient(self, w, clip=True):
        return w**3 - self.a * w

    def hessian(self, w):
        return (3 * w**2 - self.a)[:, :, None] * np.eye(len(self.a))


def test_cubic_newton_leaves_a_saddle_and_adapts_its_weight():
    path = steps(cubic_newton(sigma=1e-4), Quartic(4, 1), [1e-3, 1e-3], 30)
    np.testing.assert_allclose(np.abs(path[-1]), [2, 1], rtol=1e-9)


def test_a_step_that_does_not_decrease_as_predicted_is_not_taken():
    """sigma = 1e-6: the first step from 0.1 goes to about 2e6, where J is huge; sigma doubles."""
    rule, objective, w = cubic_newton(sigma=1e-6), Quartic(4), np.array([[0.1]])
    new, state = rule.update(w, rule.init(w, objective), objective)
    assert new == w
    assert state.sigma == 2e-6
