import numpy as np
import pytest

from optlab.analysis.statistics import holm, median_interval, paired_test, rank_biserial


def test_the_interval_of_the_median_covers_95_percent():
    rng = np.random.default_rng(0)
    covered = 0
    for _ in range(1000):
        low, high = median_interval(rng.standard_normal(25))
        covered += low <= 0 <= high
    assert 0.92 <= covered / 1000 <= 0.97  # standard error of the simulation: 0.007


def test_one_value_has_no_interval():
    assert np.isnan(median_interval(np.array([1.0]))).all()


def test_holm_by_hand():
    assert holm(np.array([0.01, 0.04, 0.03, np.nan])) == pytest.approx(
        [0.03, 0.06, 0.06, np.nan], nan_ok=True
    )


def test_wilcoxon_by_hand():
    """Six differences of one sign: p = 2 / 2^6."""
    assert paired_test(np.arange(1.0, 7.0)) == (pytest.approx(2 / 64), "Wilcoxon")


def test_few_differences_are_tested_with_t():
    p, test = paired_test(np.array([1.0, 1.1, 0.9]))
    assert test == "paired t"
    assert p == pytest.approx(0.00332, rel=0.01)  # t = 1 / (0.1 / sqrt 3) = 17.32, 2 degrees of freedom


def test_differences_that_are_all_the_same_need_no_test():
    assert paired_test(np.array([0.5, 0.5]))[0] == 0
    assert paired_test(np.array([0.0, 0.0]))[0] == 1
    assert paired_test(np.array([np.inf, np.inf]))[0] == 0


def test_the_effect_by_hand():
    assert rank_biserial(np.array([1.0, 2.0, -3.0])) == 0.0
    assert rank_biserial(np.array([1.0, 2.0])) == 1.0
    assert rank_biserial(np.array([0.0])) == 0.0
