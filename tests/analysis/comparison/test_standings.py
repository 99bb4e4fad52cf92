import numpy as np
import pytest


def rows(costs):
    return [(name, 1.0, seed, cost) for name, of_seeds in costs.items() for seed, cost in enumerate(of_seeds)]


def standing(judged):
    return judged.standings.set_index("optimizer")


def test_one_seed_can_never_win(table, judge):
    """Beside methods with eight seeds it is listed apart, and heads nothing."""
    rng = np.random.default_rng(0)
    costs = {"a": rng.uniform(1, 2, 8), "b": rng.uniform(1, 2, 8), "lucky": [0.01]}
    found = standing(judge(table(*rows(costs))))
    assert np.isnan(found.at["lucky", "rank"]) and found.at["lucky", "apart"] == "few seeds"
    assert not found.at["lucky", "tied"] and found.at["lucky", "verdict"] == "not tested"
    assert found["rank"].min() == 1 and found.loc[["a", "b"], "tied"].all()
    assert judge(table(*rows(costs))).summary["optimizer"].iloc[0] != "lucky"


def test_methods_that_are_equal_to_rounding_share_a_rank(table, judge):
    same = [0.5, 0.6, 0.7]
    found = standing(judge(table(*rows({"a": same, "b": [c * (1 + 1e-12) for c in same], "c": [5, 6, 7.1]}))))
    assert found["rank"].to_dict() == {"a": 1, "b": 1, "c": 3}
    assert found["verdict"].to_dict() == {"a": "", "b": "equal to rounding", "c": "worse"}
    assert found["tied"].to_dict() == {"a": True, "b": True, "c": False}


def test_the_centre_is_the_geometric_mean_and_the_contrast_its_ratio(table, judge):
    found = standing(judge(table(*rows({"a": [1.0, 2.0, 4.0], "b": [3.0, 6.0, 12.1]}))))
    assert found["centre"].to_dict() == {"a": pytest.approx(2), "b": pytest.approx((3 * 6 * 12.1) ** (1 / 3))}
    assert found.at["b", "contrast"] == pytest.approx(found.at["b", "centre"] / 2)


def test_a_method_with_too_few_seeds_without_a_diverged_run_says_so(table, judge):
    costs = {"a": [1.0, 1.1, 1.2, 1.3, 1.4], "b": [1.0, 1.2, None, None, None]}
    found = standing(judge(table(*rows(costs))))
    assert found.at["b", "apart"] == "diverged" and found.at["b", "diverged_seeds"] == 3


def test_a_method_at_the_rounding_of_the_cost_says_so(table, judge):
    runs = table(*rows({"a": [1.0, 1.0, 1.0], "b": [2.0, 2.1, 2.2]}))
    gaps = [1e-12] * 3 + [1.0, 1.1, 1.2]
    found = standing(judge(runs.assign(optimum=1.0, optimum_gap=1e-16, least_gap=1e-12, final_gap=gaps)))
    assert found["at_rounding"].to_dict() == {"a": True, "b": False}
    assert found.at["b", "verdict"] == "worse"
