"""Adaptive gradient descent against the paper's algorithms, written with numbers of one run."""

import math

import numpy as np
import pytest

from optlab.optimizers.adgd import adgd
from optlab.optimizers.adgd_accelerated import adgd_accelerated
from tests.optimizers.quadratic import Quadratic, steps
from tests.optimizers.test_contract import starts, strongly_convex, trajectory


def algorithm_1(gradient, x, a, n):
    theta, before = math.inf, x
    x, path = x - a * gradient(x), []
    path.append(x)
    for _ in range(n - 1):
        curvature = np.linalg.norm(gradient(x) - gradient(before)) / np.linalg.norm(x - before)
        a, last = min(math.sqrt(1 + theta) * a, 1 / (2 * curvature)), a
        theta, before, x = a / last, x, x - a * gradient(x)
        path.append(x)
    return path


def algorithm_2(gradient, x, a, n):
    theta, eta, m, before = math.inf, math.inf, 1 / a, x
    x = y = x - a * gradient(x)
    path = [x]
    for _ in range(n - 1):
        curvature = np.linalg.norm(gradient(x) - gradient(before)) / np.linalg.norm(x - before)
        a, last = min(math.sqrt(1 + theta / 2) * a, 1 / (2 * curvature)), a
        m, last_m = min(math.sqrt(1 + eta / 2) * m, curvature / 2), m
        b = (math.sqrt(1 / a) - math.sqrt(m)) / (math.sqrt(1 / a) + math.sqrt(m))
        y, last_y = x - a * gradient(x), y
        theta, eta, before, x = a / last, m / last_m, x, y + b * (y - last_y)
        path.append(x)
    return path


@pytest.mark.parametrize("rule, algorithm", [(adgd, algorithm_1), (adgd_accelerated, algorithm_2)])
def test_follows_the_algorithm_of_the_paper(rule, algorithm):
    objective, w = strongly_convex(1), starts(1)
    expected = algorithm(lambda x: objective.gradient(x[None])[0], w[0], 1e-2, 40)
    path = trajectory(rule(lr=1e-2), w, objective, 40)[:, 0]
    np.testing.assert_allclose(path, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("rule", [adgd, adgd_accelerated])
def test_the_step_stays_where_no_curvature_is_met(rule):
    flat = Quadratic(0.0)
    assert steps(rule(), flat, [3], 4) == [[3.0]] * 4
    flat.gradient = lambda w, clip=True: np.ones_like(w)
    assert steps(rule(lr=1.0), flat, [0], 3) == [[-1.0], [-2.0], [-3.0]]


def test_it_needs_no_rate_whatever_the_scale_of_the_cost():
    for scale in (1e-4, 1.0, 1e4):
        path = steps(adgd(lr=1e-6), Quadratic(scale, 10 * scale), [1, 1], 200)
        np.testing.assert_allclose(path[-1], 0, atol=1e-8)
