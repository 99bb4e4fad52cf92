import numpy as np
import pytest

from optlab.analysis.choice.trials import good_decades


def rows(costs):
    return [("sgd", lr, seed, cost) for lr, of_seeds in costs.items() for seed, cost in enumerate(of_seeds)]


def test_both_medians_of_the_chosen_setting_are_told(table, judge):
    row = judge(table(*rows({0.1: [2, 2, 3, 3], 1.0: [4, 4, 1, None]}))).tuned.iloc[0]
    assert (row["tuning"], row["evaluation"]) == (2, 3)
    assert (row["tuning_seeds"], row["evaluation_seeds"], row["settings"]) == (2, 2, 2)
    assert row["diverged"] == 1 / 8


def test_the_shrinkage_is_what_the_choice_loses_beyond_all_settings(table, judge):
    """By hand: the chosen setting rises by 1.5, the other by 1.25; their geometric mean is √1.875."""
    found = judge(table(*rows({0.1: [2, 2, 3, 3], 1.0: [4, 4, 5, 5]}))).tuned
    assert found["shrinkage"].item() == pytest.approx(1.5 / np.sqrt(1.5 * 1.25) - 1)


def test_of_an_accuracy_the_shrinkage_is_a_difference(table, judge):
    costs = {0.1: [0.2, 0.2, 0.3, 0.3], 1.0: [0.4, 0.4, 0.42, 0.42]}
    found = judge(table(*rows(costs)), "final_train_accuracy").tuned
    assert found["shrinkage"].item() == pytest.approx(0.1 - (0.1 + 0.02) / 2)


def test_where_all_settings_shift_alike_nothing_shrinks(table, judge):
    found = judge(table(*rows({0.1: [2, 2, 3, 3], 1.0: [4, 4, 6, 6]}))).tuned
    assert found["shrinkage"].item() == pytest.approx(0, abs=1e-12)


def test_one_setting_was_not_chosen_and_cannot_shrink(table, judge):
    one = [("one", 0.1, seed, cost) for seed, cost in enumerate([1.0, 1.0, 9.0, 9.0])]
    found = judge(table(*one, *rows({0.1: [2, 2, 3, 3], 1.0: [4, 4, 5, 5]}))).tuned.set_index("optimizer")
    assert np.isnan(found.at["one", "shrinkage"]) and found.at["sgd", "shrinkage"] > 0


def test_the_width_of_the_good_rates_is_counted_in_decades(table, judge):
    runs = table(*rows({0.01: [1.05], 0.1: [1.0], 1.0: [1.1], 10.0: [1.2], 100.0: [1.0]}), ("b", 1.0, 0, 1.0))
    widths = good_decades(judge(runs).settings, "final_train_cost")
    assert widths["pima · logistic", "sgd"] == pytest.approx(2)
    assert np.isnan(widths["pima · logistic", "b"])


def test_best_after_k_trials_is_exact_at_both_ends(table, judge):
    curve = judge(table(*rows({0.1: [1.0], 1.0: [2.0], 10.0: [5.0]}))).trials
    assert curve["trials"].tolist() == [1, 2, 3]
    assert curve["median"].tolist() == [2.0, 1.0, 1.0]  # of two, the best is among them 2 times of 3
    assert curve.iloc[2][["low", "high"]].tolist() == [1.0, 1.0]
