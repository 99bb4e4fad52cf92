import pytest

from optlab.analysis.choice.representative import representative


def test_it_is_in_the_middle_and_never_the_better_of_two(table):
    for costs, shown in (([0.3], 0.3), ([0.2, 0.1], 0.2), ([0.1, 0.3, 0.2], 0.2)):
        runs = table(*[("sgd", 0.1, seed, cost) for seed, cost in enumerate(costs)])
        assert representative(runs)["final_train_cost"].tolist() == [shown]


def test_it_is_an_evaluation_run_of_the_setting_chosen_on_the_tuning_seeds(table):
    lucky = [("sgd", 1.0, seed, cost) for seed, cost in enumerate([0.5, 0.5, 0.1, 0.1])]
    chosen = [("sgd", 0.1, seed, cost) for seed, cost in enumerate([0.2, 0.2, 0.4, 0.3])]
    (row,) = representative(table(*lucky, *chosen)).to_dict("records")
    assert (row["lr"], row["seed"], row["final_train_cost"]) == (0.1, 2, 0.4)


def test_for_an_accuracy_the_middle_counts_from_the_highest(table):
    runs = table(("sgd", 0.1, 0, 0.1), ("sgd", 0.1, 1, 0.2))
    found = representative(runs, "final_train_accuracy")
    assert found["final_train_accuracy"].tolist() == [pytest.approx(0.8)]


def test_a_diverged_run_counts_as_the_worst(table):
    runs = table(("sgd", 0.1, 0, None), ("sgd", 0.1, 1, 0.2), ("sgd", 0.1, 2, None))
    assert representative(runs)["status"].tolist() == ["diverged"]
