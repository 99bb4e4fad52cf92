import math

from optlab.sweeps.final_costs import FinalCost, sentences


def cost(before, now, setting="adam at lr=0.1", run_id="a"):
    return FinalCost(run_id, setting, 400, before, now, 1e-9)


def test_costs_that_agree_to_rounding_need_no_words():
    assert sentences([cost(0.5, 0.5 + 1e-12), cost(math.nan, math.nan), cost(math.inf, math.nan)]) == []


def test_the_largest_difference_and_the_median_that_moves_most_are_told():
    others = [cost(0.2, 0.2, "sgd at lr=1", run_id) for run_id in "bcd"]
    first, second = sentences([cost(0.5, 0.51), cost(0.4, 0.4), cost(0.6, 0.6), *others])
    assert first.startswith(
        "final training costs of 1 of 6 runs differ by more than rounding, at most by 2 %"
    )
    assert "run a (adam at lr=0.1) ends with 0.5 in the folder and with 0.51 after 400 steps now" in first
    assert second.endswith("the median of adam at lr=0.1 moves most, by 2 %, from 0.5 to 0.51")


def test_a_run_that_diverges_only_now_is_no_agreement():
    [first, _] = sentences([cost(0.5, math.nan), cost(0.4, 0.4), cost(0.6, 0.6)])
    assert "differ by more than rounding, at most by all of it" in first
