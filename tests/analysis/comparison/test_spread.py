import numpy as np
import pytest

from optlab.analysis.comparison.spread import spread


def test_the_pooled_variance_is_that_of_a_two_way_layout_by_hand():
    """Residuals of [[0, 1], [2, 5]] are ±0.5, so that s² = 4 · 0.25 / ((2 - 1)(2 - 1)) = 1."""
    found = spread(np.array([[0.0, 1.0], [2.0, 5.0]]), np.array([True, True]))
    assert found.deviation == pytest.approx(1.0) and found.df == 1
    assert found.mean[0, 1] == 2.0
    assert found.error[0, 1] == pytest.approx(1.0)  # √(2 s² / n), and the pair's own, √(2 / 2)


def test_what_all_methods_have_in_common_on_a_seed_cancels():
    values = np.random.default_rng(0).standard_normal((5, 4))
    shifted = values + 100 * np.arange(5)[:, None]
    for plain, seeded in zip(
        spread(values, np.ones(4, bool)), spread(shifted, np.ones(4, bool)), strict=True
    ):
        np.testing.assert_allclose(plain, seeded, atol=1e-9)


def test_the_variance_of_each_method_is_found():
    """The guard's variance is the sum of both; of 4,000 layouts its mean is within 3 %."""
    scale = np.array([1.0, 2.0, 3.0, 4.0])
    values = np.random.default_rng(0).standard_normal((4000, 6, 4)) * scale
    guard = np.square(spread(values, np.ones((4000, 4), bool)).guard).mean(axis=0) * 6
    assert guard[2, 3] == pytest.approx(9 + 16, rel=0.03)


def test_seeds_with_a_diverged_run_do_not_count_for_its_pairs():
    values = np.array([[0.0, 1.0, 2.0], [0.0, np.inf, 2.0], [0.0, 3.0, 2.0]])
    found = spread(values, np.array([False, True, False]))
    assert found.seeds[0].tolist() == [3, 2, 3]
    assert found.mean[0, 1] == 2.0


def test_differences_within_rounding_are_none():
    found = spread(np.array([[1.0, 1.0 + 1e-10]] * 3), np.ones(2, bool))
    assert found.mean[0, 1] == 0
