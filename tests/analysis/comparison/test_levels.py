import numpy as np
import pytest

from optlab.analysis.comparison.levels import fixed, reachable


def test_the_last_level_is_within_reach_of_more_than_half_of_the_best_runs():
    levels = reachable(1.0, {"a": [0.1, 0.201234, 0.3], "b": [0.01, 0.5, 0.6]})
    assert min(levels.values()) == 0.202


def test_levels_are_rounded_upwards():
    rng = np.random.default_rng(0)
    for last in rng.uniform(1e-9, 0.99, 200):
        least = min(reachable(1.0, {"a": [last]}).values())
        assert last <= least <= last * 1.011


@pytest.mark.parametrize(("first", "last"), [(0.6931, 0.6930), (-1.0, -1.5), (1.0, 0.0), (0.5, -0.1)])
def test_costs_close_together_or_below_zero_have_five_levels(first, last):
    levels = reachable(first, {"a": [last]})
    assert len(levels) == 5
    assert all(last <= level < first for level in levels.values())


def test_without_progress_there_is_no_level():
    assert reachable(1.0, {"a": [1.0, 1.0], "b": [np.inf, 0.5]}) == {}


def test_costs_that_are_close_have_different_names():
    assert list(fixed([0.12341, 0.12342])) == ["cost 0.12342", "cost 0.12341"]
