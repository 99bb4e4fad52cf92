import numpy as np
import pytest
from scipy import stats

from optlab.analysis.statistics import median_interval, signed_rank_p


@pytest.mark.parametrize("n", [5, 6, 7, 8, 12, 25])
@pytest.mark.parametrize(("draw", "median"), [("standard_normal", 0.0), ("standard_exponential", np.log(2))])
def test_the_interval_of_the_median_covers_95_percent(n, draw, median):
    values = getattr(np.random.default_rng(0), draw)((n, 4000))
    low, high = median_interval(values)
    covered = ((low <= median) & (median <= high)).mean()
    assert 0.93 <= covered <= 0.96  # exact for five: 0.9375; standard error of the simulation: 0.0035


def test_the_interval_of_few_values_is_their_range():
    assert median_interval(np.array([3.0, 1.0, 2.0])).tolist() == [1, 3]
    assert np.isnan(median_interval(np.array([1.0]))).all()


def test_the_interval_of_seven_values_by_hand():
    """The range covers 1 - 2/128, the inner five 1 - 16/128: the weight is 0.733."""
    surplus = (126 / 128 - 0.95) / (14 / 128)
    weight = 6 * surplus / (1 + 5 * surplus)
    assert median_interval(np.arange(7.0)) == pytest.approx([weight, 6 - weight])


def test_an_interval_may_be_infinite():
    assert median_interval(np.array([1.0, 2.0, np.inf])).tolist() == [1, np.inf]
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
