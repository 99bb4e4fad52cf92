import numpy as np

import optlab
from optlab.analysis.study import study


def test_the_setting_with_the_lowest_median_is_best(table, judge):
    rows = [("sgd", lr, seed, cost) for lr, costs in {0.1: (3, 1, 2), 1.0: (0, 5, 6)}.items()
            for seed, cost in enumerate(costs)]  # fmt: skip
    best = judge(table(*rows)).best.iloc[0]
    assert (best["lr"], best["median"], best["seeds"]) == (0.1, 2, 3)


def test_a_setting_with_a_diverged_seed_ranks_behind_those_without(table, judge):
    runs = table(("sgd", 1.0, 0, 0.1), ("sgd", 1.0, 1, None), ("sgd", 0.1, 0, 9.0), ("sgd", 0.1, 1, 9.0))
    assert judge(runs).best["lr"].item() == 0.1


def test_diverged_runs_count_as_infinite_cost(table, judge):
    runs = table(("sgd", 1.0, 0, 0.1), ("sgd", 1.0, 1, None), ("sgd", 1.0, 2, None))
    assert judge(runs).best["median"].item() == np.inf


def test_an_accuracy_is_maximised(table, judge):
    runs = table(("sgd", 0.1, 0, 0.3), ("sgd", 1.0, 0, 0.2))
    assert judge(runs, "final_train_accuracy").best["lr"].item() == 1.0


def test_a_missing_value_ranks_last(table, judge):
    runs = table(("sgd", 0.1, 0, np.nan), ("sgd", 1.0, 0, 5.0))
    assert judge(runs).best["lr"].item() == 1.0


def test_equal_costs_are_decided_by_work_then_by_the_smaller_rate(table, judge):
    rows = [("sgd", lr, 0, 1.0) for lr in (0.3, 0.2, 0.1)]
    assert judge(table(*rows)).best["lr"].item() == 0.1
    assert judge(table(*rows, reached=[5.0, 10.0, 10.0])).best["lr"].item() == 0.3


def test_a_best_rate_on_the_edge_of_its_grid_is_marked(table, judge):
    rows = [("low", 0.1, 0, 1.0), ("low", 1.0, 0, 2.0), ("high", 0.1, 0, 2.0), ("high", 1.0, 0, 1.0)]
    rows += [("inside", lr, 0, abs(lr - 0.2)) for lr in (0.1, 0.2, 0.3)] + [("single", 0.1, 0, 1.0)]
    edges = judge(table(*rows)).best.set_index("optimizer")["edge"].to_dict()
    assert edges == {"low": "lowest", "high": "highest", "inside": "", "single": ""}


def test_an_optimizer_without_a_rate_has_one_setting(table, judge):
    best = judge(table(("newton", np.nan, 0, 1.0), ("newton", np.nan, 1, 2.0), config="")).settings
    assert best["setting"].item() == "as configured"
    assert best["seeds"].item() == 2


def test_only_runs_at_the_best_setting_are_chosen(table, judge):
    runs = table(("sgd", 0.1, 0, 1.0), ("sgd", 1.0, 0, 2.0), ("adam", 1.0, 0, 2.0))
    assert list(judge(runs).chosen["lr"]) == [0.1, 1.0]


def test_of_rates_that_reach_the_same_cost_to_rounding_the_quickest_is_best(table, judge):
    rows = [("newton", 0.1, 0, 0.5), ("newton", 1.0, 0, 0.5 * (1 + 1e-14))]
    assert judge(table(*rows, reached=[900.0, 6.0])).best["lr"].item() == 1.0


def test_where_the_minimum_is_known_its_distance_chooses_beyond_the_digits_of_the_cost(table, judge):
    rows = [("newton", lr, 0, 0.5) for lr in (0.1, 0.5, 1.0)]
    runs = table(*rows, optimum=0.5, reached=[3.0, 50.0, 6.0], final_gap=[1e-11, 1e-15, 1e-15])
    assert judge(runs).best[["lr", "equal"]].iloc[0].tolist() == [1.0, 1]


def test_a_rate_that_is_as_good_as_another_is_no_edge(table, judge):
    rows = [("newton", 0.1, 0, 2.0), ("newton", 0.5, 0, 0.5), ("newton", 1.0, 0, 0.5)]
    best = judge(table(*rows, reached=[9.0, 9.0, 5.0])).best.iloc[0]
    assert (best["lr"], best["edge"]) == (1.0, "")


def test_newton_is_judged_at_the_full_step_that_reaches_the_certificate_first(tmp_path):
    overrides = ["dataset=breast_cancer", "model.l2=0.1", "optimizer=newton", "optimizer.lr=0.5,1"]
    results = optlab.sweep([*overrides, "training.max_steps=50", "training.epochs=null"], tmp_path / "out")
    best = study(results).best.iloc[0]
    assert (best["lr"], best["edge"], best["equal"]) == (1.0, "", 1)
