"""Methods without a reference implementation, three steps worked out by hand on J(w) = w.A w / 2."""

import numpy as np
import pytest

from optlab.core.options import defaults
from optlab.models import REGISTRY as MODELS
from optlab.models.margin_model import MarginModel
from optlab.objective.loss import mean_loss
from optlab.objective.oracle import clipped
from optlab.objective.penalty import NONE
from optlab.optimizers.adagrad import adagrad
from optlab.optimizers.adagrad_norm import adagrad_norm
from optlab.optimizers.adam import adam
from optlab.optimizers.adamw import adamw
from optlab.optimizers.amsgrad import amsgrad
from optlab.optimizers.averaged_sgd import averaged_sgd
from optlab.optimizers.barzilai_borwein import barzilai_borwein
from optlab.optimizers.gradient_descent import gradient_descent
from optlab.optimizers.lion import lion
from optlab.optimizers.momentum import momentum
from optlab.optimizers.nadam import nadam
from optlab.optimizers.nonlinear_cg import nonlinear_cg
from optlab.optimizers.rmsprop import rmsprop
from optlab.training.loop import RunSpec, Training, train
from tests.optimizers.quadratic import Quadratic, steps
from tests.test_consistency import data


def test_lion_moves_by_the_sign_of_the_interpolated_momentum():
    """A = 1, w = 1, lr = 1, beta1 = 0.5, beta2 = 0.5.

    g = 1: c = 0.5, w = 0, m = 0.5.   g = 0: c = 0.25, w = -1, m = 0.25.   g = -1: c = -0.375, w = 0.
    """
    assert steps(lion(lr=1.0, beta1=0.5, beta2=0.5), Quadratic(1), [1], 3) == [[0], [-1], [0]]


def test_lion_decays_apart_from_the_gradient():
    """w = 1 - 0.5 (1 + 0.2 * 1) = 0.4, then g = 0.4, c > 0: w = 0.4 - 0.5 (1 + 0.08) = -0.14."""
    path = steps(lion(lr=0.5, weight_decay=0.2), Quadratic(1), [1], 2)
    np.testing.assert_allclose(path, [[0.4], [-0.14]], rtol=1e-14)


@pytest.mark.parametrize("step", ["long", "short"])
def test_barzilai_borwein_takes_the_two_point_steps(step):
    """A = diag(1, 2), w = (1, 1), lr = 0.1: s = (-0.1, -0.2), y = (-0.1, -0.4).

    s.s = 0.05, s.y = 0.09, y.y = 0.17: long 5/9, short 9/17; g = (0.9, 1.6).
    """
    path = steps(barzilai_borwein(lr=0.1, step=step), Quadratic(1, 2), [1, 1], 2)
    length = {"long": 5 / 9, "short": 9 / 17}[step]
    np.testing.assert_allclose(path, [[0.9, 0.8], [0.9 * (1 - length), 0.8 - 1.6 * length]], rtol=1e-14)


def test_barzilai_borwein_keeps_its_step_where_the_curvature_is_not_positive():
    """A = -1: s.y < 0, so every step is w <- w + 0.5 w."""
    np.testing.assert_allclose(
        steps(barzilai_borwein(lr=0.5), Quadratic(-1), [1], 3), [[1.5], [2.25], [3.375]], rtol=1e-15
    )


def test_barzilai_borwein_measures_curvature_by_gradients_that_are_not_clipped():
    """A = 2, w = 4, lr = 0.5, steps of at most a: g = 8 gives w = 3.5, then s.s / s.y = 1/2 gives w = 3."""
    path = steps(barzilai_borwein(lr=0.5), Quadratic(2, clip_norm=1.0), [4], 2)
    np.testing.assert_allclose(path, [[3.5], [3.0]], rtol=1e-6)


def test_amsgrad_as_printed_has_no_bias_correction():
    """A = 1, w = 4, lr = 1, beta1 = 1/2, beta2 = 1/4, no eps.

    g = 4: m = 2, v = u = 12, w = 4 - 2 / sqrt(12).   The gradients fall, and u stays at its largest.
    """
    rule = amsgrad(lr=1.0, beta1=0.5, beta2=0.25, eps=0.0, bias_correction=False)
    w, m, u, expected = 4.0, 0.0, 12.0, []
    for _ in range(3):
        m = (m + w) / 2
        w -= m / np.sqrt(u)
        expected.append([w])
    np.testing.assert_allclose(steps(rule, Quadratic(1), [4], 3), expected, rtol=1e-15)


@pytest.mark.parametrize(
    ("method", "square"),
    [(adagrad, 16), (adam, 16), (adamw, 16), (amsgrad, 16), (nadam, 16), (rmsprop, 0.16)],
)
def test_eps_may_stand_inside_the_root(method, square):
    """A = 1, w = 4: the first step, divided by the root of `square`, is divided by that of square + 9."""
    decay = {"weight_decay": 0.0}
    [[outside], [inside]] = [
        steps(method(lr=0.1, eps=0.0, eps_root=r, **decay), Quadratic(1), [4], 1)[0] for r in (0.0, 9.0)
    ]
    np.testing.assert_allclose((4 - inside) / (4 - outside), np.sqrt(square / (square + 9)), rtol=1e-12)


def test_dampening_spares_the_first_step():
    """A = 1, w = 8, lr = 1/2: v = 8, w = 4; v = 8/2 + 3/4 * 4 = 7, w = 1/2."""
    path = steps(momentum(lr=0.5, momentum=0.5, dampening=0.25), Quadratic(1), [8], 2)
    assert path == [[4.0], [0.5]]


def test_averaged_sgd_answers_with_the_mean_of_the_iterates():
    """A = 1, lr = 0.5, w = 8: x = 4, 2, 1, 0.5; from the second on the means are 2, 1.5, 3.5 / 3."""
    path = steps(averaged_sgd(lr=0.5, start=1), Quadratic(1), [8], 4)
    np.testing.assert_allclose(path, [[4], [2], [1.5], [3.5 / 3]], rtol=1e-15)


def test_averaged_sgd_computes_one_gradient_a_step(monkeypatch):
    """At x alone: what is recorded of w has none, the batches being others than the data of the record."""
    with_gradient = []

    def counting(*arguments, gradient=False, **options):
        with_gradient.append(gradient)
        return mean_loss(*arguments, gradient=gradient, **options)

    def alone(model, *arguments):
        with_gradient.append(True)
        return gradient_sum(model, *arguments)

    gradient_sum = MarginModel.gradient_sum
    monkeypatch.setattr(MarginModel, "gradient_sum", alone)
    monkeypatch.setattr("optlab.objective.objective.mean_loss", counting)
    run = RunSpec("averaged_sgd", defaults(averaged_sgd), NONE, 0)
    train(MODELS.get("logistic")(4, 2), data("dense"), [run], Training(batch_size=10, epochs=2))
    assert sum(with_gradient) == 12


def test_backtracking_halves_from_twice_the_step_before():
    """A = 2, w = 1, lr = 4: 4, 2 and 1 do not decrease J, 0.5 reaches the minimum."""
    assert steps(gradient_descent(lr=4.0), Quadratic(2), [1], 2) == [[0], [0]]


def test_conjugate_gradients_minimise_a_quadratic_in_as_many_steps_as_it_has_dimensions():
    path = steps(nonlinear_cg(curvature=1e-6, armijo=1e-9), Quadratic(1, 3, 10), [1, 2, -1], 3)
    np.testing.assert_allclose(path[2], 0, atol=1e-5)  # line searches are exact to 1e-6


def test_a_variance_that_rounding_makes_negative_counts_as_nothing():
    """A constant gradient has no variance: the step is lr g / eps, not NaN."""
    path = steps(rmsprop(lr=1e-20, rho=0.9, centered=True), Quadratic(1, 1), [0.1, 0.3], 400)
    assert np.isfinite(path).all()


def test_clipping_shortens_only_what_is_too_long_and_keeps_directions():
    g = np.array([[3.0, 4.0], [0.3, 0.4], [0.0, 0.0]])
    np.testing.assert_allclose(clipped(g, 1.0), [[0.6, 0.8], [0.3, 0.4], [0, 0]], rtol=1e-6)
    np.testing.assert_array_equal(clipped(g, 1.0)[1], g[1])
    assert clipped(g.astype(np.float32), 1.0).dtype == np.float32


def test_adagrad_norm_divides_by_the_norm_of_all_gradients():
    """A = 1, w = (3, 4), lr = 5, b^2 = 144: b = 13, w = 8/13 (3, 4), then b^2 = 169 + 1600/169."""
    path = steps(adagrad_norm(lr=5.0, initial_accumulator=144.0), Quadratic(1, 1), [3, 4], 2)
    second = 8 / 13 * (1 - 5 / np.sqrt(169 + 1600 / 169))
    np.testing.assert_allclose(path, [[24 / 13, 32 / 13], [3 * second, 4 * second]], rtol=1e-14)


def test_adagrad_norm_stays_where_no_gradient_has_been():
    assert steps(adagrad_norm(), Quadratic(1), [0], 2) == [[0.0], [0.0]]
