import json

import numpy as np
import pandas as pd
import pytest

import optlab
from optlab.analysis.comparison.problem_comparison import COLUMNS
from optlab.analysis.study import study

SEEDS = range(3)


@pytest.fixture
def networks(table, changed):
    """Makes runs of networks that differ in one option of the model: a (validation, test) cost for each."""

    def made(costs, option="dropout", seeds=SEEDS, noise=None):
        runs = table(*(("adam", 0.1, seed, 0.01) for _ in costs for seed in seeds))
        n = len(seeds)
        for place, (value, pair) in enumerate(costs.items()):
            rows = range(place * n, (place + 1) * n)
            runs = changed(runs, rows, "model", option, value)
            for column, cost in zip(("final_validation_cost", "final_test_cost"), pair, strict=True):
                shift = 0.0 if noise is None else noise[place]
                runs.loc[list(rows), column] = cost + shift
        return runs

    return made


@pytest.fixture
def compare(judge):
    """Compares the problems of runs; nothing is recorded, so nothing is asked of the results."""
    return lambda runs: judge(runs).problem_comparison


def test_problems_on_the_same_data_are_ranked_by_the_validation_cost(networks, compare):
    found = compare(networks({0.0: (0.3, 0.1), 0.1: (0.1, 0.4), 0.5: (0.2, 0.2)}))
    assert list(found["rank"]) == [1, 2, 3] and set(found["data"]) == {"pima"}
    assert list(found["others"]) == ["dropout=0.1", "dropout=0.5", "dropout=0"]
    np.testing.assert_allclose(found["final_test_cost"], [0.4, 0.2, 0.1])
    np.testing.assert_allclose(found["gap"], [0.39, 0.19, 0.09])


def test_fewer_than_three_problems_are_not_compare(networks, compare):
    assert compare(networks({0.0: (0.3, 0.1), 0.1: (0.1, 0.4)})).empty
    assert list(compare(networks({0.0: (0.3, 0.1)}))) == COLUMNS


@pytest.mark.parametrize(("section", "option"), [("dataset", "max_rows"), ("model", "loss")])
def test_other_data_and_another_loss_are_not_compare(networks, changed, compare, section, option):
    runs = networks({0.0: (0.3, 0.1), 0.1: (0.1, 0.4), 0.5: (0.2, 0.2)})
    assert compare(changed(runs, range(3), section, option, "another")).empty


def test_two_groups_on_data_of_one_name_are_told_apart(networks, changed, compare):
    costs = {float(n): (n, n) for n in range(1, 7)}
    runs = changed(networks(costs), range(9), "dataset", "max_rows", 100)
    found = compare(runs)
    assert found.groupby("data").size().to_dict() == {"pima (1)": 3, "pima (2)": 3}


def test_splits_are_repetitions_unless_they_are_problems_of_their_own(networks, changed, compare):
    runs = networks({0.0: (0.3, 0.1), 0.1: (0.1, 0.4), 0.2: (0.2, 0.4), 0.5: (0.2, 0.2)})
    several = changed(runs, [1, 4, 7, 10], "dataset", "split_seed", 1)
    assert list(compare(several)["seeds"]) == [3, 3, 3, 3]
    other = several.iloc[:1].assign(optimizer="sgd", run_id="other")  # has seen one split of the first only
    found = compare(pd.concat([several, other], ignore_index=True))
    assert set(found["others"]) == {"dropout=0.1", "dropout=0.2", "dropout=0.5"}


def test_without_validation_data_nothing_is_ranked(networks, compare):
    runs = networks({0.0: (np.nan, 0.1), 0.1: (np.nan, 0.4), 0.5: (np.nan, 0.2)})
    found = compare(runs)
    assert found["rank"].isna().all() and not found["verdict"].any() and len(found) == 3
    assert compare(runs.assign(final_test_cost=np.nan)).empty


def test_problems_are_told_from_the_first_as_methods_are(networks, compare):
    swing = np.array([0.1, -0.1, 0.12, -0.12, 0.08, -0.09])
    costs = {0.0: (0.3, 0.3), 0.1: (0.31, 0.3), 0.5: (0.9, 0.3)}
    found = compare(networks(costs, seeds=range(6), noise=[0 * swing, swing, 0.1 * swing]))
    assert dict(zip(found["others"], found["verdict"], strict=True)) == {
        "dropout=0.1": "", "dropout=0": "not shown to differ", "dropout=0.5": "worse",
    }  # fmt: skip
    one = compare(networks(costs, seeds=[0]))
    assert set(one["verdict"]) == {"not tested"} and one["rank"].isna().all()


def test_a_diverged_problem_is_the_last(networks, compare):
    runs = networks({0.0: (0.3, 0.1), 0.1: (0.1, 0.4), 0.5: (0.2, 0.2)})
    runs.loc[3:5, "status"] = "diverged"
    found = compare(runs)
    assert found["others"].iloc[-1] == "dropout=0.1" and np.isinf(found["final_test_cost"].iloc[-1])


def test_an_unknown_training_loss_leaves_the_gap_unknown(networks, compare):
    found = compare(networks({0.0: (0.3, 0.1), 0.1: (0.1, 0.4), 0.5: (0.2, 0.2)}, option="l2"))
    by_penalty = found.set_index("others")["gap"]
    assert by_penalty["l2=0"] == pytest.approx(0.09) and by_penalty[["l2=0.1", "l2=0.5"]].isna().all()


def test_a_problem_is_represented_by_the_first_of_its_summary(networks, judge):
    parts = []
    for name, factor in (("adam", 1.0), ("sgd", 0.9), ("lbfgs", 2.0)):
        part = networks({0.0: (0.3, 0.1), 0.1: (0.1, 0.4), 0.5: (0.2, 0.2)})
        configs = [json.loads(text) for text in part["config"]]
        for config in configs:
            config["optimizer"]["name"] = name
        part["final_train_cost"] *= factor
        part["run_id"] += name
        parts.append(part.assign(optimizer=name, config=[json.dumps(config) for config in configs]))
    runs = pd.concat(parts, ignore_index=True)
    judged = judge(runs)
    first = judged.summary[judged.summary["rank"] == 1].set_index("problem")["optimizer"]
    found = judged.problem_comparison.set_index("problem")["optimizer"]
    assert found.to_dict() == first.to_dict() and set(found) == {"sgd"}


def test_parameters_are_counted_from_the_model(trained, tmp_path):
    for units in (2, 3, 4):
        data = {"name": "circles", "n_samples": 40, "test_fraction": 0.2, "validation_fraction": 0.2}
        model = {"name": "mlp", "hidden": [units]}
        trained(tmp_path / str(units), data, model, ["sgd"], seeds=[0], record_parameters="final")
    results = optlab.load(tmp_path)
    found = study(results).problem_comparison.set_index("hidden")["parameters"]
    size = {len(results.parameters(run_id)) for run_id in results.runs["run_id"]}
    assert set(found) == size and list(found.sort_index()) == sorted(size)
