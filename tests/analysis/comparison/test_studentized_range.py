import numpy as np
import pytest
from scipy import stats

from optlab.analysis.comparison.studentized_range import critical, tail


@pytest.mark.parametrize(("k", "df"), [(2, 2), (3, 4), (6, 10), (12, 44), (22, 84), (6, np.inf)])
def test_the_tail_is_scipys(k, df):
    q = np.array([0.5, 2.0, 3.5, 5.0, 8.0])
    np.testing.assert_allclose(tail(q, k, df), stats.studentized_range.sf(q, k, df), atol=1e-8)


def test_two_means_are_students_t():
    t = np.array([0.3, 2.0, 9.0])
    np.testing.assert_allclose(tail(np.sqrt(2) * t, 2, 4), 2 * stats.t.sf(t, 4), rtol=1e-6)


@pytest.mark.parametrize(("k", "df", "printed"), [(6, 20, 4.445), (3, 10, 3.877), (10, np.inf, 4.474)])
def test_critical_values_are_those_of_printed_tables(k, df, printed):
    """Tables of the studentized range at 5 %, as in every textbook."""
    assert critical(k, df, 0.05) == pytest.approx(printed, abs=1e-3)
