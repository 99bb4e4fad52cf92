import numpy as np
import pytest
from scipy import stats

from optlab.analysis.statistics import attained_level, median_interval, signed_rank_p


@pytest.mark.parametrize("n", [6, 7, 8, 12, 25])
@pytest.mark.parametrize(("draw", "median"), [("standard_normal", 0.0), ("standard_exponential", np.log(2))])
def test_the_interval_of_the_median_covers_it_as_often_as_is_told(n, draw, median):
    values = getattr(np.random.default_rng(0), draw)((n, 4000))
    low, high = median_interval(values)
    covered = ((low <= median) & (median <= high)).mean()
    assert attained_level(n) >= 0.95
    assert covered == pytest.approx(attained_level(n), abs=0.01)  # standard error of the simulation: 0.0035


def test_up_to_five_values_there_is_no_interval():
    """Their range covers 1 - 2^(1 - n) at most: 93.75 % of five."""
    for n in range(1, 6):
        assert np.isnan(median_interval(np.arange(float(n)))).all() and np.isnan(attained_level(n))


@pytest.mark.parametrize(
    ("n", "depth", "level"), [(6, 1, 1 - 2 / 64), (8, 1, 1 - 2 / 256), (9, 2, 1 - 20 / 512)]
)
def test_the_interval_by_hand(n, depth, level):
    assert median_interval(np.arange(float(n))).tolist() == [depth - 1, n - depth]
    assert attained_level(n) == pytest.approx(level)


def test_an_interval_may_be_infinite():
    assert median_interval(np.array([1.0, 2.0, 3.0, 4.0, 5.0, np.inf])).tolist() == [1, np.inf]
    assert median_interval(np.full(9, np.inf)).tolist() == [np.inf, np.inf]


def test_wilcoxon_by_hand():
    """Six differences of one sign: p = 2 / 2^6."""
    assert signed_rank_p(np.arange(1.0, 7.0)) == pytest.approx(2 / 64)


@pytest.mark.parametrize("n", [6, 13, 40, 150])
def test_wilcoxon_is_scipys(n):
    differences = np.random.default_rng(n).standard_normal(n) + 0.3
    method = "exact" if n <= 100 else "asymptotic"
    expected = stats.wilcoxon(differences, method=method).pvalue
    assert signed_rank_p(differences) == pytest.approx(expected, rel=1e-9)


def test_wilcoxon_of_ties_by_hand():
    """|d| = 1, 1, 2 have ranks 1.5, 1.5, 3: three of 8 patterns have a sum of at least 4.5."""
    assert signed_rank_p(np.array([0.0, -1.0, 1.0, 2.0])) == pytest.approx(2 * 3 / 8)
