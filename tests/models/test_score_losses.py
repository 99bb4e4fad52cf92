"""Losses of scores: stable for any score, and equal to their textbook formulas where those are accurate."""

import numpy as np
import pytest
from scipy.special import log_softmax, softmax

from optlab.models.score_losses import SCORE_LOSSES, one_hot
from optlab.models.score_losses import softmax as stable_softmax

SCORES = np.array([-1e4, -800.0, -50.0, -3.0, -1e-9, 0.0, 1e-9, 2.0, 39.0, 41.0, 800.0, 1e4])


@pytest.mark.parametrize("key", SCORE_LOSSES, ids="-".join)
def test_score_losses_are_finite_for_scores_of_any_size(key):
    z = np.random.default_rng(0).choice(SCORES, size=(2, 1 if key[1] == "sigmoid" else 3, 30))
    labels = np.arange(30) % (2 if key[1] == "sigmoid" else 3)
    loss, slope = SCORE_LOSSES[key].value_and_slope(z, labels, None)
    assert np.isfinite(loss).all()
    assert np.isfinite(slope).all()


def test_softmax_cross_entropy_is_minus_the_log_probability_of_the_label():
    z, labels = np.random.default_rng(0).normal(size=(2, 4, 30)) * 100, np.arange(30) % 4
    expected = -log_softmax(z, axis=1)[:, labels, np.arange(30)].sum(1)
    loss, _ = SCORE_LOSSES["cross_entropy", "softmax"].value_and_slope(z, labels, None)
    np.testing.assert_allclose(loss, expected, rtol=1e-13)


def test_mse_is_half_the_squared_distance_to_the_one_hot_target():
    z, labels = np.random.default_rng(0).normal(size=(2, 4, 30)), np.arange(30) % 4
    error = softmax(z, axis=1) - one_hot(labels, 4, np.dtype(float))
    loss, _ = SCORE_LOSSES["mse", "softmax"].value_and_slope(z, labels, None)
    np.testing.assert_allclose(loss, 0.5 * (error**2).sum((1, 2)), rtol=1e-13)


def test_one_hot_targets_mark_the_label():
    np.testing.assert_array_equal(
        one_hot(np.array([2, 0]), 3, np.dtype(float)), [[0.0, 1.0], [0.0, 0.0], [1.0, 0.0]]
    )


def test_softmax_agrees_with_scipy_and_does_not_overflow():
    z = SCORES.reshape(2, 3, 2)
    np.testing.assert_allclose(stable_softmax(z), softmax(z, axis=1), rtol=1e-14)
