"""What the validation cost chooses, beside what the training cost chose."""

import numpy as np
import pytest

from optlab.analysis.choice.validation import validated


@pytest.fixture
def chosen(table, judge):
    """The rows of two optimizers with two rates and five seeds, whose validation costs are given by rate."""

    def made(costs, metric="final_train_cost"):
        rates, seeds = (0.1, 1.0), range(5)
        rows = [(name, lr, seed, 1 / lr) for name in costs for lr in rates for seed in seeds]
        values = [costs[name][rates.index(lr)] for name, lr, _, _ in rows]
        judged = judge(table(*rows).assign(final_validation_cost=values))
        return validated(judged.runs, judged.best, metric).set_index("optimizer")

    return made


def test_the_lowest_validation_cost_chooses_a_setting_of_its_own(chosen):
    found = chosen({"sgd": (0.14, 0.74), "adam": (0.3, 0.2)})
    assert found.loc["sgd", ["setting", "cost", "chosen", "chosen_cost"]].tolist() == [
        "lr=0.1", 0.14, "lr=1", 0.74,
    ]  # fmt: skip
    assert found["parted"].to_dict() == {"sgd": True, "adam": False}
    assert found["first"].to_dict() == {"sgd": True, "adam": False}


def test_ten_percent_are_no_parting(chosen):
    assert chosen({"sgd": (0.2, 0.219)})["parted"].tolist() == [False]
    assert chosen({"sgd": (0.2, 0.221)})["parted"].tolist() == [True]


def test_without_validation_data_or_by_their_metric_there_is_nothing_to_say(chosen):
    assert chosen({"sgd": (np.nan, np.nan)}).empty
    assert chosen({"sgd": (0.1, 0.2)}, "best_validation_cost").empty


def test_costs_are_those_of_the_seeds_that_judge(table, judge):
    rows = [("sgd", lr, seed, 1.0) for lr in (0.1, 1.0) for seed in range(4)]
    costs = [0.1, 0.1, 0.5, 0.5, 0.2, 0.2, 0.3, 0.3]  # seeds 0 and 1 choose, 2 and 3 judge
    judged = judge(table(*rows).assign(final_validation_cost=costs))
    found = judged.validated.iloc[0]
    assert (found["setting"], found["cost"]) == ("lr=0.1", 0.5)


def test_the_summary_names_the_choice_of_every_optimizer(table, judge):
    rows = [("sgd", lr, 0, 1 / lr) for lr in (0.1, 1.0)] + [("adam", 0.1, 0, 1.0)]
    judged = judge(table(*rows).assign(final_validation_cost=[0.1, 0.2, np.inf]))
    choices = judged.summary.set_index("optimizer")[["validation_setting", "lowest_validation_cost"]]
    assert choices.loc["sgd"].tolist() == ["lr=0.1", 0.1] and choices.loc["adam"].isna().all()
