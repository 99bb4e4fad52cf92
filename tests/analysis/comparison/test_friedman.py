"""The example of Demšar (2006), table 6 and section 3.2.2, and small tables by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from optlab.analysis.comparison.friedman import friedman_from_table

# Of C4.5 on 14 data sets: plain, m tuned, cf tuned, both tuned. Two that are printed equal were ranked apart.
ACCURACIES = {
    "plain": [.763, .599, .954, .628, .882, .936, .661, .583, .775, 1.0, .940, .619, .972, .957],
    "m": [.768, .591, .971, .661, .888, .931, .668, .583, .838, 1.0, .962, .666, .981, .978],
    "cf": [.771, .590, .968, .654, .886, .916, .609, .563, .866, 1.0, .965, .614, .9751, .946],
    "m+cf": [.798, .569, .967, .657, .898, .931, .685, .625, .875, 1.0, .962, .669, .975, .970],
}  # fmt: skip


def test_the_example_of_demsar():
    found = friedman_from_table(-pd.DataFrame(ACCURACIES))
    assert found.ranks.round(3).to_dict() == {"m+cf": 1.964, "m": 2.0, "cf": 2.893, "plain": 3.143}
    assert found.critical_difference == pytest.approx(2.569 * np.sqrt(4 * 5 / (6 * 14)), rel=1e-3)


@pytest.mark.parametrize("digits", [0, 9])
def test_the_statistic_is_scipys_with_and_without_ties(digits):
    losses = pd.DataFrame(np.random.default_rng(0).standard_normal((9, 5)).round(digits))
    chi2 = stats.friedmanchisquare(*losses.to_numpy().T).statistic
    f = 8 * chi2 / (9 * 4 - chi2)
    assert friedman_from_table(losses).p == pytest.approx(stats.f.sf(f, 4, 32))


def test_groups_hold_what_lies_within_the_critical_difference():
    found = friedman_from_table(pd.DataFrame(np.tile([1.0, 2.0, 3.0, 4.0], (8, 1)), columns=[*"abcd"]))
    assert found.critical_difference == pytest.approx(1.658, abs=1e-3)  # 2.569 sqrt(20 / 48)
    assert found.groups == [["a", "b"], ["b", "c"], ["c", "d"]]
    assert found.p == pytest.approx(24.0**-7)  # all eight agree with the first by chance


def test_p_of_few_problems_is_the_share_of_all_ways_to_rank():
    two = friedman_from_table(pd.DataFrame([[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]], columns=[*"abc"]))
    assert two.p == pytest.approx(1 / 6)
    signs = friedman_from_table(pd.DataFrame([[1.0, 2.0]] * 8 + [[2.0, 1.0]], columns=[*"ab"]))
    assert signs.p == pytest.approx(stats.binomtest(1, 9).pvalue)


def test_equal_optimizers_are_one_group():
    found = friedman_from_table(pd.DataFrame(np.ones((4, 3)), columns=[*"abc"]))
    assert found.p == 1
    assert found.groups == [["a", "b", "c"]]


def test_one_problem_is_not_enough(table, changed, judge):
    runs = table(("a", 1.0, 0, 1.0), ("b", 1.0, 0, 2.0), ("a", 1.0, 0, 1.0), ("b", 1.0, 0, 3.0))
    assert judge(runs).friedman is None
    several = judge(changed(runs, [2, 3], "model", "l2", 1.0)).friedman
    assert several.ranks.to_dict() == {"a": 1, "b": 2}
    assert several.problems == 2


def test_an_optimizer_that_was_not_run_everywhere_is_left_out(table, changed, judge):
    rows = [
        ("a", 1.0, 0, 1.0),
        ("b", 1.0, 0, 2.0),
        ("c", 1.0, 0, 0.1),
        ("a", 1.0, 0, 1.0),
        ("b", 1.0, 0, 3.0),
    ]
    judged = judge(changed(table(*rows), [3, 4], "model", "l2", 1.0))
    assert list(judged.friedman.ranks.index) == ["a", "b"]
