import numpy as np
import pytest

from optlab.analysis.comparison.comparisons import against


def rows(costs):
    return [(name, 1.0, seed, cost) for name, of_seeds in costs.items() for seed, cost in enumerate(of_seeds)]


@pytest.mark.parametrize(
    ("other", "verdict"),
    [
        ([2.0, 2.11, 2.22], "better"),
        ([1.0, 1.1, 1.2], "same"),
        ([0.5, 2.1, 1.2], "not distinguishable"),
        ([0.1, 0.12, 0.11], "worse"),
        ([None, None, None], "better"),
    ],
)
def test_a_pair_is_judged_on_common_seeds(table, judge, other, verdict):
    pairs = judge(table(*rows({"a": [1.0, 1.1, 1.2], "b": other}))).comparisons
    assert pairs["verdict"].item() == verdict
    assert against(pairs, "pima · logistic", "a") == {"b": verdict}


def test_the_median_difference_is_of_pairs(table, judge):
    pairs = judge(table(*rows({"a": [1.0, 10.0, 100.0], "b": [2.0, 12.0, 101.0]}))).comparisons
    assert pairs["difference"].item() == -1.0
    assert pairs["effect"].item() == -1.0


def test_an_accuracy_is_better_if_it_is_higher(table, judge):
    runs = table(*rows({"a": [0.1, 0.2], "b": [0.3, 0.41]}))
    assert judge(runs, "final_train_accuracy").comparisons["verdict"].item() == "better"


def test_one_seed_is_not_tested(table, judge):
    assert judge(table(*rows({"a": [1.0], "b": [2.0]}))).comparisons["verdict"].item() == "not tested"


def test_equal_optimizers_with_noise_are_not_told_apart(table, judge):
    """Of 12 equal rates the best looks far better than it is on the seeds it was chosen on."""
    found = 0
    for trial in range(10):
        rng = np.random.default_rng(trial)
        runs = table(
            *((name, lr, seed, float(np.exp(0.3 * rng.standard_normal())))
              for name in "abcd" for lr in range(1, 13) for seed in range(8))
        )  # fmt: skip
        found += judge(runs).comparisons["verdict"].isin(["better", "worse"]).any()
    assert found <= 2  # each trial is wrong with at most 5 %: more than 2 of 10 has a probability of 1.2 %
