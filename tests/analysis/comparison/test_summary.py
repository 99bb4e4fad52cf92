import numpy as np


def test_median_and_range_are_over_the_seeds_of_the_best_setting(table, judge):
    runs = table(("sgd", 0.1, 0, 1.0), ("sgd", 0.1, 1, 3.0), ("sgd", 0.1, 2, 2.5), ("sgd", 1.0, 0, 9.0))
    row = judge(runs).summary.iloc[0]
    assert (row["final_train_cost"], row["final_train_cost_min"], row["final_train_cost_max"]) == (2.5, 1, 3)
    assert (row["setting"], row["settings"], row["seeds"], row["gradient_evals"]) == ("lr=0.1", 2, 3, 10)


def test_optimizers_are_ranked_inside_their_problem(table, changed, judge):
    costs = {"a": (3.0, 0.1), "b": (2.0, 1.0)}
    runs = table(
        *((name, 1.0, seed, of[p]) for p in (0, 1) for name, of in costs.items() for seed in range(3))
    )
    ranked = judge(changed(runs, range(6, 12), "model", "l2", 1.0)).summary
    assert list(ranked["optimizer"]) == ["b", "a", "a", "b"]
    assert list(ranked["rank"]) == [1, 2, 1, 2]


def test_the_share_of_diverged_runs_is_told_for_the_setting_and_for_the_grid(table, judge):
    runs = table(("a", 0.1, 0, 1.0), ("a", 0.1, 1, 1.0), ("a", 1.0, 0, None), ("a", 1.0, 1, 2.0))
    row = judge(runs).summary.iloc[0]
    assert (row["diverged"], row["grid_diverged"]) == (0, 0.25)


def test_what_cannot_be_ranked_comes_last_in_the_order_of_medians(table, judge):
    costs = {"a": [3.0, 3.1, 3.3], "b": [2.0], "c": [1.0, 1.1]}
    runs = table(*((name, 1.0, seed, cost) for name, of in costs.items() for seed, cost in enumerate(of)))
    found = judge(runs).summary
    assert list(found["optimizer"]) == ["a", "c", "b"]
    assert found["rank"].tolist()[0] == 1 and found["rank"].isna().sum() == 2
    assert found["tied"].tolist() == [True, False, False]


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
