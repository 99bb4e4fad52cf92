import numpy as np


def test_rates_are_in_order_and_the_best_is_marked(table, judge):
    found = judge(table(("sgd", 1.0, 0, 1.0), ("sgd", 0.1, 0, 2.0), ("sgd", 10.0, 0, None))).sensitivity
    assert list(found["lr"]) == [0.1, 1.0, 10.0]
    assert list(found["best"]) == [False, True, False]
    assert list(found["diverged"]) == [0, 0, 1]


def test_the_best_of_several_settings_stands_for_a_rate(table, changed, judge):
    runs = changed(table(("sgd", 0.1, 0, 2.0), ("sgd", 0.1, 0, 1.0)), [1], "optimizer", "momentum", 0.9)
    assert judge(runs).sensitivity["median"].tolist() == [1.0]


def test_optimizers_without_a_rate_are_left_out(table, judge):
    assert judge(table(("newton", np.nan, 0, 2.0))).sensitivity.empty
