import numpy as np
import pytest


def test_median_and_range_are_over_the_seeds_of_the_best_setting(table, judge):
    runs = table(("sgd", 0.1, 0, 1.0), ("sgd", 0.1, 1, 3.0), ("sgd", 0.1, 2, 2.5), ("sgd", 1.0, 0, 9.0))
    row = judge(runs).summary.iloc[0]
    assert (row["final_train_cost"], row["final_train_cost_min"], row["final_train_cost_max"]) == (2.5, 1, 3)
    assert (row["setting"], row["settings"], row["seeds"], row["gradient_evals"]) == ("lr=0.1", 2, 3, 10)


def test_optimizers_are_ranked_inside_their_problem(table, changed, judge):
    runs = table(("a", 1.0, 0, 3.0), ("b", 1.0, 0, 2.0), ("a", 1.0, 0, 0.0), ("b", 1.0, 0, 1.0))
    runs = changed(runs, [2, 3], "model", "l2", 1.0)
    ranked = judge(runs).summary
    assert list(ranked["optimizer"]) == ["b", "a", "a", "b"]
    assert list(ranked["rank"]) == [1, 2, 1, 2]


def test_the_share_of_diverged_runs_is_told_for_the_setting_and_for_the_grid(table, judge):
    runs = table(("a", 0.1, 0, 1.0), ("a", 0.1, 1, 1.0), ("a", 1.0, 0, None), ("a", 1.0, 1, 2.0))
    row = judge(runs).summary.iloc[0]
    assert (row["diverged"], row["grid_diverged"]) == (0, 0.25)


@pytest.mark.parametrize(
    ("costs", "tied"),
    [((1.0, 3.0, 2.9, 4.0), True), ((1.0, 1.01, 3.1, 3.1), False), ((2.0, 2.0, 2.001, 2.001), True)],
)
def test_what_no_test_distinguishes_and_negligible_differences_are_tied(table, judge, costs, tied):
    runs = table(*(("ab"[i // 2], 1.0, i % 2, cost) for i, cost in enumerate(costs)))
    assert list(judge(runs).summary["tied"]) == [True, tied]


def test_a_metric_that_was_not_measured_stays_missing_even_if_runs_diverged(table, judge):
    runs = table(("a", 0.1, 0, 1.0), ("b", 1.0, 0, None))
    assert judge(runs).summary["final_test_cost"].isna().all()


def test_seconds_are_only_told_where_every_run_of_the_problem_was_trained_alone(table, judge):
    runs = table(("a", 0.1, 0, 1.0), ("b", 0.1, 0, 2.0))
    assert list(judge(runs).summary["seconds"]) == [0.5, 0.5]
    stacked = runs.assign(stack_size=[1, 2])
    assert judge(stacked).summary["seconds"].isna().all()
    assert not judge(stacked).trained_alone.item()


def test_only_diverged_runs_still_give_a_table(table, judge):
    runs = table(("a", 0.1, 0, None), ("b", 0.1, 0, None))
    assert list(judge(runs).summary["final_train_cost"]) == [np.inf, np.inf]


def test_seeds_are_those_that_the_values_are_reported_on(table, judge):
    runs = table(*(("a", lr, seed, lr) for lr in (0.1, 1.0) for seed in range(4)))
    assert judge(runs).summary["seeds"].item() == 2  # of four seeds, two have chosen the setting


def test_of_optimizers_that_reach_the_same_cost_to_rounding_the_quickest_comes_first(table, judge):
    runs = table(("slow", 1.0, 0, 0.5), ("quick", 1.0, 0, 0.5 * (1 + 1e-14)), steps=[900, 6])
    assert list(judge(runs).summary["optimizer"]) == ["quick", "slow"]
