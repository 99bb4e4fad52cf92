"""Times, profiles and scores of a table that was worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from optlab.analysis.comparison.profiles import (
    algoperf_score,
    data_band,
    data_profile,
    performance_band,
    performance_profile,
    ratios,
    score_band,
    scores,
)
from optlab.analysis.comparison.targets import (
    ecdf,
    ecdf_band,
    ert,
    instance_times,
    not_comparable,
    on_shared_problems,
    resampled_times,
    times_to_target,
    unlike_records,
)

INF = np.inf
TIMES = pd.DataFrame({"a": [10.0, 20.0, INF, INF], "b": [20.0, 10.0, 30.0, INF]}, index=list("wxyz"))


def test_ratios_are_to_the_fastest_of_the_instance():
    assert ratios(TIMES).to_numpy().tolist() == [[1, 2], [2, 1], [INF, 1], [INF, INF]]


def test_the_performance_profile_by_hand():
    profile = performance_profile(TIMES, np.array([1.0, 2.0, 100.0]))
    assert profile.loc["a"].tolist() == [0.25, 0.5, 0.5]
    assert profile.loc["b"].tolist() == [0.5, 0.75, 0.75]


def test_the_data_profile_by_hand():
    assert data_profile(TIMES, np.array([10.0, 25.0])).to_numpy().tolist() == [[0.25, 0.5], [0.25, 0.5]]


def test_the_algoperf_score_by_hand():
    """Profile of a: 1/4 on [1, 2), 1/2 on [2, 4]; of b: 1/2, then 3/4; the mean over [1, 4]."""
    score = algoperf_score(TIMES)
    assert score["a"] == pytest.approx((0.25 * 1 + 0.5 * 2) / 3)
    assert score["b"] == pytest.approx((0.5 * 1 + 0.75 * 2) / 3)


def reached(optimum, targets=None):
    chosen = pd.DataFrame(
        {
            "run_id": ["r", "s"],
            "problem": "p",
            "optimizer": "o",
            "repetition": ["/0", "/1"],
            "optimum": optimum,
        }
    )
    points = pd.DataFrame(
        {
            "run_id": ["r"] * 3 + ["s"] * 3,
            "step": [0, 1, 2, 0, 1, 2],
            "epoch": [0.0, 1, 2, 0, 1, 2],
            "gradient_evals": [0.0, 1, 2, 0, 1, 5],
            "train_cost": [2.0, 1.05, 1.005, 2.0, 1.5, 1.2],
        }
    )
    return times_to_target(chosen, points, targets=targets)


def test_times_lie_between_records_by_the_logarithm_of_the_gap():
    """Of r the gap falls 1, 0.05, 0.005."""
    times = reached([1.0, 1.0]).set_index(["run_id", "target"])["time"]
    assert times["r", "0.1 of the initial gap"] == pytest.approx(np.log(10) / np.log(20))
    assert times["r", "0.01 of the initial gap"] == pytest.approx(1 + np.log(5) / np.log(10))
    assert times["s", "0.1 of the initial gap"] == INF


def test_ert_is_the_cost_of_all_runs_over_the_number_of_hits():
    table = ert(reached([1.0, 1.0])).set_index("target")
    assert table.loc["0.1 of the initial gap", ["runs", "hits"]].tolist() == [2, 1]
    assert table.loc["0.1 of the initial gap", "ert"] == pytest.approx(np.log(10) / np.log(20) + 5)
    assert table.loc["0.0001 of the initial gap", "ert"] == INF


def test_the_ecdf_counts_pairs_of_run_and_target():
    assert ecdf(reached([1.0, 1.0]), np.array([1.0, 2.0])).loc["o"].tolist() == [0.1, 0.2]  # of 2 x 5


def test_scores_count_only_problems_on_which_all_optimizers_were_run():
    times = pd.DataFrame(
        {"problem": [*"ppq"], "optimizer": [*"aba"], "target": "t", "time": [1.0, 1.0, 3.0], "spent": 3.0}
    )
    shared = on_shared_problems(times)
    assert shared["problem"].unique().tolist() == ["p"]
    assert ecdf(shared, np.array([1.0, 3.0])).to_numpy().tolist() == [[1, 1], [1, 1]]
    assert scores(instance_times(shared), resampled_times(shared))["score"].tolist() == [1, 1]


def test_one_optimizer_has_no_score():
    times = pd.DataFrame({"problem": "p", "optimizer": "a", "target": "t", "time": [1.0], "spent": 1.0})
    assert scores(instance_times(times), resampled_times(times)).empty


def test_a_target_that_half_of_the_runs_miss_is_a_failure():
    assert (instance_times(reached([1.0, 1.0]))["o"] == INF).all()


def test_without_a_minimum_targets_are_fixed_costs():
    times = reached([1.0, np.nan])
    assert times["target"].str.startswith("cost ").all()
    assert times["target"].nunique() == 5


def test_without_points_there_is_no_target():
    chosen = pd.DataFrame(
        {"run_id": ["r"], "problem": "p", "optimizer": "o", "repetition": "/0", "optimum": 1.0}
    )
    points = pd.DataFrame(columns=["run_id", "step", "epoch", "gradient_evals", "train_cost"])
    assert times_to_target(chosen, points).empty


def test_targets_may_be_costs_of_the_users():
    times = reached([np.nan, np.nan], targets=(1.1, 1.6)).set_index(["run_id", "target"])["time"]
    assert times["r", "cost 1.6"] == pytest.approx(np.log(2 / 1.6) / np.log(2 / 1.05))
    assert times["s", "cost 1.6"] == pytest.approx(np.log(2 / 1.6) / np.log(2 / 1.5))
    assert times["r", "cost 1.1"] < 1
    assert times["s", "cost 1.1"] == INF


def of_paths(paths, optimum=np.nan):
    """Runs and points of paths by optimizer: (step, cost), recorded as they are; 10 steps are an epoch."""
    chosen = pd.DataFrame(
        {"run_id": list(paths), "problem": "p", "optimizer": [name.split("/")[0] for name in paths],
         "repetition": [name.split("/")[-1] for name in paths], "optimum": optimum}
    )  # fmt: skip
    parts = [
        pd.DataFrame({"run_id": name, "step": step, "epoch": step / 10, "gradient_evals": step / 10.0,
                      "train_cost": cost})
        for name, (step, cost) in paths.items()
    ]  # fmt: skip
    return chosen, pd.concat(parts)


def every(k, steps, cost_of):
    step = np.unique(np.append(np.arange(0, steps + 1, k), steps))
    return step, cost_of(step)


def smooth(step):
    """J* = 0.3, with directions of curvatures that lie a factor 100 apart."""
    return 0.3 + np.exp(-step / 10) + 0.5 * np.exp(-step / 100) + 0.1 * np.exp(-step / 900)


@pytest.mark.parametrize("optimum", [0.3, np.nan])
def test_recording_more_often_changes_no_expected_cost(optimum):
    paths = {f"every{k}": every(k, 4000, smooth) for k in (1, 7, 40)}
    table = ert(times_to_target(*of_paths(paths, optimum)))
    costs = table.pivot(index="target", columns="optimizer", values="ert").replace(INF, np.nan).dropna()
    assert len(costs) >= 2
    assert (costs.max(axis=1) / costs.min(axis=1)).max() < 1.03


def test_a_lucky_dip_between_records_counts_for_nobody():
    """Noise dips below the target between the records of the coarser run alone."""

    def noisy(step):
        return smooth(step) - 0.25 * (step % 40 == 20)

    paths = {f"every{k}": every(k, 2000, noisy) for k in (1, 40)}
    table = ert(times_to_target(*of_paths(paths, 0.0)))
    costs = table.pivot(index="target", columns="optimizer", values="ert").replace(INF, np.nan)
    assert costs["every1"].tolist() == pytest.approx(costs["every40"].tolist(), nan_ok=True)


def test_runs_that_were_recorded_too_differently_are_not_compared():
    chosen, points = of_paths({f"every{k}": every(k, 200, smooth) for k in (1, 100)}, 0.3)
    assert times_to_target(chosen, points).empty
    assert not_comparable(chosen, points) == ["p"]


def test_few_steps_that_were_all_recorded_are_compared():
    paths = {"newton": every(1, 5, lambda step: 0.3 + 0.01**step), "sgd": every(1, 4000, smooth)}
    chosen, points = of_paths(paths, 0.3)
    assert not_comparable(chosen, points) == []
    assert times_to_target(chosen, points)["optimizer"].nunique() == 2


@pytest.mark.parametrize("seeds", [1, 2, 3, 4, 5])
def test_the_best_optimizer_reaches_the_last_target_whatever_the_luck(seeds):
    for draw in range(50):
        rng = np.random.default_rng([seeds, draw])
        paths = {}
        for name, floor in (("good", 0.2), ("poor", 0.3)):
            for seed in range(seeds):
                end = floor * np.exp(0.2 * rng.standard_normal())
                paths[f"{name}/{seed}"] = every(1, 100, lambda step, end=end: end + np.exp(-step / 10))
        times = times_to_target(*of_paths(paths))
        medians = instance_times(times)
        assert len(medians) == 5
        assert np.isfinite(medians.min(axis=1)).all()


@pytest.fixture
def two_runs():
    """Of `a` one run of two hits at 10 and one spends 30; `b` hits at 20 always."""
    return pd.DataFrame(
        {
            "problem": "p",
            "optimizer": [*"aabb"],
            "target": "t",
            "time": [10.0, INF, 20.0, 20.0],
            "spent": [10.0, 30.0, 20.0, 20.0],
        }
    )


def test_bands_of_two_runs_by_hand(two_runs):
    """A sample of two holds both runs (1/2), the first twice (1/4) or the second twice (1/4)."""
    table = ert(two_runs).set_index("optimizer")
    assert table.loc["a", ["ert", "low", "high"]].tolist() == [40, 10, INF]
    assert table.loc["b", ["ert", "low", "high"]].tolist() == [20, 20, 20]
    low, high = ecdf_band(two_runs, np.array([15.0, 25.0]))
    assert (low.to_numpy().tolist(), high.to_numpy().tolist()) == ([[0, 0], [0, 1]], [[1, 1], [0, 1]])


def test_bands_of_profiles_by_hand(two_runs):
    """The median of `a` is 10 or ∞; so `b` is twice as slow as `a` or the only one that arrives."""
    resampled = resampled_times(two_runs)
    assert resampled.shape[1:] == (1, 2)
    assert data_band(resampled, np.array([15.0])).tolist() == [[[0], [0]], [[1], [0]]]
    assert performance_band(resampled, np.array([1.0, 2.0])).tolist() == [[[0, 0], [0, 1]], [[1, 1], [1, 1]]]
    assert score_band(resampled).tolist() == [[0, pytest.approx(2 / 3)], [1, 1]]


def test_a_band_of_ert_covers_the_truth():
    """Times are exponential, so that the expected time to a target that is always hit is their mean, 1."""
    time = np.random.default_rng(0).exponential(size=40 * 1000)
    targets = {"problem": "p", "optimizer": "o", "target": np.tile(np.arange(1000), 40), "time": time}
    table = ert(pd.DataFrame(targets).assign(spent=time))
    covered = ((table["low"] <= 1) & (table["high"] >= 1)).mean()
    assert 0.92 <= covered <= 0.97  # standard error of the simulation: 0.007


def test_optimizers_that_were_recorded_unlike_are_named_with_their_spacing():
    paths = {f"every{k}": every(k, 400, smooth) for k in (1, 40)}
    spacing = unlike_records(*of_paths(paths)).set_index("optimizer")["spacing"]
    assert spacing.to_dict() == pytest.approx({"every1": 0.1, "every40": 4.0})


def test_records_of_runs_that_end_early_are_alike():
    paths = {"long": every(40, 400, smooth), "short": every(40, 130, smooth), "one": every(1, 3, smooth)}
    assert unlike_records(*of_paths({name: paths[name] for name in ("long", "short")})).empty
    assert unlike_records(*of_paths({"all": every(1, 9, smooth), "one": paths["one"]})).empty
