import numpy as np
import pytest

from optlab.analysis.comparison.comparisons import against, comparisons

NOISE = np.array([0.01, -0.012, 0.004, 0.003, -0.005])


def rows(costs):
    return [(name, 1.0, seed, cost) for name, of_seeds in costs.items() for seed, cost in enumerate(of_seeds)]


@pytest.mark.parametrize(
    ("other", "verdict"),
    [
        (3 + 30 * NOISE, "better"),
        (1 + NOISE, "equal to rounding"),
        (1 + NOISE[::-1], "equivalent"),
        (1 + 60 * NOISE[::-1], "not shown to differ"),
        (0.1 + NOISE[::-1], "worse"),
        ([None] * 5, "better"),
    ],
)
def test_a_pair_is_judged_on_common_seeds(table, judge, other, verdict):
    pairs = judge(table(*rows({"a": 1 + NOISE, "b": other}))).comparisons
    assert against(pairs, "pima · logistic", "a") == {"b": verdict}
    assert len(pairs) == 1 and pairs["seeds"].item() in (5, 0)


def test_the_contrast_is_a_ratio_with_an_interval_that_excludes_1_if_it_is_shown(table, judge):
    pair = judge(table(*rows({"a": 1 + NOISE, "b": 3 + 30 * NOISE}))).comparisons.iloc[0]
    expected = np.exp(np.mean(np.log((3 + 30 * NOISE) / (1 + NOISE))))
    assert (pair["scale"], pair["contrast"]) == ("ratio", pytest.approx(expected))
    assert 1 < pair["low"] < pair["contrast"] < pair["high"] and pair["p"] < 0.05


def test_an_accuracy_is_better_if_it_is_higher(table, judge):
    costs = {"a": [0.5, 0.41, 0.49, 0.47, 0.44], "b": [0.1, 0.2, 0.15, 0.12, 0.21]}
    pair = judge(table(*rows(costs)), "final_train_accuracy").comparisons.iloc[0]
    assert (pair["first"], pair["verdict"], pair["scale"]) == ("b", "better", "difference")
    assert pair["contrast"] == pytest.approx(-0.306) and pair["low"] < pair["contrast"] < pair["high"] < 0


@pytest.mark.parametrize("costs", [[1.0], [1.0, 1.1]])
def test_fewer_than_three_seeds_are_not_tested(table, judge, costs):
    pairs = judge(table(*rows({"a": costs, "b": [2 * cost for cost in costs]}))).comparisons
    assert pairs["verdict"].item() == "not tested" and pairs["seeds"].item() == len(costs)


def test_the_margin_of_equivalence_is_stated(table, judge):
    judgements = judge(table(*rows({"a": 1 + NOISE, "b": 1 + NOISE[::-1]}))).judgements
    assert comparisons(judgements, margin=1.05)["verdict"].item() == "equivalent"
    assert comparisons(judgements, margin=1.001)["verdict"].item() == "not shown to differ"


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
