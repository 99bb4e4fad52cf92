"""Binary losses: stable for any margin, and equal to their textbook formulas where those are accurate."""

from functools import partial

import numpy as np
import pytest
from scipy.special import expit

from optlab.models.margin_losses import MARGIN_LOSSES, sigmoid

SCORES = np.array([-1e4, -800.0, -50.0, -3.0, -1e-9, 0.0, 1e-9, 2.0, 39.0, 41.0, 800.0, 1e4])


def exact_logistic(b: np.ndarray) -> np.ndarray:
    return np.logaddexp(0, -b)


@pytest.mark.parametrize("score", SCORES)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_logistic_loss_is_right_for_scores_of_any_size(score, dtype):
    margins = np.full((40, 1), score, dtype)
    loss, slope = MARGIN_LOSSES["cross_entropy"].value_and_slope_of(lambda runs: margins[:, runs].copy())
    rounding = 1e-13 if dtype == np.float64 else 1e-5
    np.testing.assert_allclose(loss[0], 40 * exact_logistic(score), rtol=rounding, atol=1e-300)
    np.testing.assert_allclose(slope, -expit(-margins.astype(float)), rtol=1e-6, atol=1e-37)


def test_logistic_sums_are_as_accurate_as_logaddexp():
    b = np.random.default_rng(0).normal(size=(1000, 7)) * [0.01, 0.1, 1, 3, 10, 30, 300]
    loss, _ = MARGIN_LOSSES["cross_entropy"].value_and_slope_of(lambda runs: b[:, runs].copy())
    np.testing.assert_allclose(loss, exact_logistic(b).sum(0), rtol=1e-13)


def _columns(b: np.ndarray, runs) -> np.ndarray:
    return b[:, runs].copy()


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_sum_over_well_classified_samples_is_sure_to_100_units_in_its_last_place(dtype):
    """Margins of 8 on the mean beside losses of 0.02 and less: both sums agree in their first digits."""
    rng = np.random.default_rng(0)
    for wrong in (100, 10_000):  # one sample of so many is far on the wrong side
        b = rng.normal(8, 0.5, size=(20_003, 6)).astype(dtype)
        b[::wrong] = rng.normal(-2, 1, size=b[::wrong].shape)
        exact = np.logaddexp(0, -b.astype(np.longdouble)).sum(0) / len(b)
        for own, cost in ((b, exact), (b[:, [2]], exact[[2]])):
            margins = partial(_columns, own)
            error = MARGIN_LOSSES["cross_entropy"].value_and_slope_of(margins)[0] / len(b) - cost
            assert (np.abs(error) < 100 * np.finfo(dtype).eps * cost).all(), wrong


def test_the_rounding_of_a_mean_loss_does_not_grow_with_samples_or_neighbours():
    """Margins of 4 on the mean, of 50,000 samples: their sum is 40 times that of the losses."""
    rng = np.random.default_rng(0)
    b = rng.normal(4, 2, size=(50_000, 10))
    exact = np.logaddexp(0, -b.astype(np.longdouble)).sum(0)
    for width in (1, 5, 10):
        for first in range(0, 10, width):
            own = slice(first, first + width)
            loss, _ = MARGIN_LOSSES["cross_entropy"].value_and_slope(b[:, own].copy())
            assert (np.abs(loss - exact[own]) < 2e-15 * exact[own]).all()


def test_a_run_with_huge_margins_leaves_its_neighbours_bits_alone():
    b = np.random.default_rng(0).normal(size=(100, 3))
    alone, _ = MARGIN_LOSSES["cross_entropy"].value_and_slope(b.copy())
    b[:, 1] = 1e4
    beside, _ = MARGIN_LOSSES["cross_entropy"].value_and_slope(b.copy())
    np.testing.assert_array_equal(alone[[0, 2]], beside[[0, 2]])


def test_squared_loss_of_margins_is_half_the_squared_error_of_the_probability():
    z, y = np.linspace(-5, 5, 11), np.arange(11) % 2
    expected = 0.5 * ((expit(z) - y) ** 2).sum()
    loss, _ = MARGIN_LOSSES["mse"].value_and_slope(((2 * y - 1) * z)[:, None])
    np.testing.assert_allclose(loss[0], expected, rtol=1e-14)


def test_the_perceptron_criterion_is_minus_the_margin_of_what_is_not_on_the_right_side():
    loss, slope = MARGIN_LOSSES["perceptron"].value_and_slope(np.array([[-2.0], [0.0], [3.0]]))
    assert loss == [2.0]
    np.testing.assert_array_equal(slope, [[-1.0], [-1.0], [0.0]])


def test_sigmoid_agrees_with_scipy_and_does_not_overflow():
    np.testing.assert_allclose(sigmoid(SCORES), expit(SCORES), rtol=1e-14, atol=1e-300)
