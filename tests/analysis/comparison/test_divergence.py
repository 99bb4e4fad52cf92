from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from optlab.analysis.comparison.divergence import divergence_p, pair_p


@pytest.mark.parametrize(("a", "b", "n"), [(0, 4, 5), (0, 3, 3), (1, 5, 5), (0, 3, 4), (2, 8, 10)])
def test_the_test_of_a_pair_is_boschloos(a, b, n):
    expected = stats.boschloo_exact([[a, b], [n - a, n - b]], n=256).pvalue
    assert pair_p(a, b, n) == pytest.approx(expected, rel=1e-3)


def test_four_of_five_against_none_is_a_difference():
    """By hand: of 1,024 outcomes at equal odds 22 are as unlikely."""
    assert pair_p(0, 4, 5) == pytest.approx(22 / 1024)
    assert pair_p(0, 2, 2) > 0.05  # two seeds prove nothing


def test_the_family_of_three_is_counted_out():
    """Of 9 runs 4 diverged; how often do counts lie two or more apart?"""
    counts = [np.bincount(np.array(runs) // 3, minlength=3) for runs in combinations(range(9), 4)]
    apart = np.mean([np.ptp(count) >= 2 for count in counts])
    p = divergence_p(np.array([1, 0, 3]), 3)
    assert p[0, 2] == pytest.approx(max(apart, pair_p(1, 3, 3)))


def test_without_diverged_runs_there_is_no_difference():
    assert (divergence_p(np.zeros(4, int), 5) == 1).all()
