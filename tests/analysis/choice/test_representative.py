import pytest


def test_it_is_in_the_middle_and_never_the_better_of_two(table, judge):
    for costs, shown in (([0.3], 0.3), ([0.2, 0.1], 0.2), ([0.1, 0.3, 0.2], 0.2)):
        runs = table(*[("sgd", 0.1, seed, cost) for seed, cost in enumerate(costs)])
        assert judge(runs).representative["final_train_cost"].tolist() == [shown]


def test_it_is_an_evaluation_run_of_the_setting_chosen_on_the_tuning_seeds(table, judge):
    lucky = [("sgd", 1.0, seed, cost) for seed, cost in enumerate([0.5, 0.5, 0.1, 0.1])]
    chosen = [("sgd", 0.1, seed, cost) for seed, cost in enumerate([0.2, 0.2, 0.4, 0.3])]
    (row,) = judge(table(*lucky, *chosen)).representative.to_dict("records")
    assert (row["lr"], row["seed"], row["final_train_cost"]) == (0.1, 2, 0.4)


def test_for_an_accuracy_the_middle_counts_from_the_highest(table, judge):
    runs = table(("sgd", 0.1, 0, 0.1), ("sgd", 0.1, 1, 0.2))
    found = judge(runs, "final_train_accuracy").representative
    assert found["final_train_accuracy"].tolist() == [pytest.approx(0.8)]


def test_a_diverged_run_counts_as_the_worst(table, judge):
    runs = table(("sgd", 0.1, 0, None), ("sgd", 0.1, 1, 0.2), ("sgd", 0.1, 2, None))
    assert judge(runs).representative["status"].tolist() == ["diverged"]
