import numpy as np
import pytest

from optlab.analysis.comparison.power import detectable, power, seeds_needed
from optlab.analysis.comparison.ranges import half_widths
from optlab.analysis.comparison.spread import spread


@pytest.mark.parametrize(("n", "m"), [(3, 2), (3, 6), (5, 3), (5, 6), (10, 6)])
def test_what_is_called_detectable_is_shown_in_80_percent_of_the_studies(n, m):
    """By simulation of the extremes of m methods; the standard error of 4,000 is 0.6 %."""
    values = np.random.default_rng(0).standard_normal((4000, n, m))
    values[..., -1] += detectable(n, m)
    random = np.ones((4000, m), bool)
    found = spread(values, random)
    shown = found.mean > half_widths(found, random)
    assert shown[:, 0, -1].mean() == pytest.approx(0.8, abs=0.05)


def test_seeds_needed_are_the_least_that_suffice():
    needed = seeds_needed(1.5, 6)
    assert power(1.5, needed - 1, 6) < 0.8 <= power(1.5, needed, 6)


def test_two_seeds_show_nothing_and_no_number_of_seeds_shows_nothing():
    assert detectable(2, 6) == np.inf
    assert seeds_needed(0.0, 6) == np.inf and seeds_needed(1e-3, 6) == np.inf


def test_the_power_of_a_study_is_told_as_a_ratio(table, judge):
    rng = np.random.default_rng(0)
    costs = np.exp(0.5 * rng.standard_normal((40, 3))) * [1.0, 1.5, 40.0]
    runs = table(*((name, 1.0, seed, costs[seed, j]) for j, name in enumerate("abc") for seed in range(40)))
    row = judge(runs).powers.iloc[0]
    assert (row["seeds"], row["methods"], row["scale"]) == (40, 3, "ratio")
    assert row["deviation"] == pytest.approx(0.5, rel=0.15)
    assert row["detectable"] == pytest.approx(np.exp(row["deviation"] * detectable(40, 3)))
    assert (row["first"], row["second"]) == ("a", "b") and 20 < row["seeds_needed"] < 80


def test_where_nothing_varies_there_is_no_power_to_tell(table, judge):
    runs = table(*((name, 1.0, seed, cost) for name, cost in (("a", 1.0), ("b", 2.0)) for seed in range(3)))
    assert judge(runs).powers.empty
