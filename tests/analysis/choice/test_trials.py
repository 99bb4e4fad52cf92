import numpy as np
import pytest

from optlab.analysis.choice.trials import good_decades


def rows(costs):
    return [("sgd", lr, seed, cost) for lr, of_seeds in costs.items() for seed, cost in enumerate(of_seeds)]


def test_the_shrinkage_is_the_loss_from_the_tuning_to_the_evaluation_seeds(table, judge):
    row = judge(table(*rows({0.1: [2, 2, 3, 3], 1.0: [4, 4, 1, None]}))).tuned.iloc[0]
    assert (row["tuning"], row["evaluation"], row["shrinkage"]) == (2, 3, 0.5)
    assert (row["tuning_seeds"], row["evaluation_seeds"], row["settings"]) == (2, 2, 2)
    assert row["diverged"] == 1 / 8


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
