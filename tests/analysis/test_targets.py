"""Times, profiles and scores of a table that was worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from optlab.analysis.profiles import algoperf_score, data_profile, performance_profile, ratios
from optlab.analysis.targets import ecdf, ert, instance_times, times_to_target

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


def reached(optimum):
    chosen = pd.DataFrame(
        {"run_id": ["r", "s"], "problem": "p", "optimizer": "o", "seed": [0, 1], "optimum": optimum}
    )
    points = pd.DataFrame(
        {
            "run_id": ["r"] * 3 + ["s"] * 3,
            "gradient_evals": [0.0, 1, 2, 0, 1, 5],
            "train_cost": [2.0, 1.05, 1.005, 2.0, 1.5, 1.2],
        }
    )
    return times_to_target(chosen, points)


def test_times_are_the_first_recorded_point_below_the_target():
    times = reached([1.0, 1.0]).set_index(["run_id", "target"])["time"]
    assert times["r", "0.1 of the initial gap"] == 1
    assert times["r", "0.01 of the initial gap"] == 2
    assert times["s", "0.1 of the initial gap"] == INF


def test_ert_is_the_cost_of_all_runs_over_the_number_of_hits():
    table = ert(reached([1.0, 1.0])).set_index("target")
    assert table.loc["0.1 of the initial gap", ["runs", "hits", "ert"]].tolist() == [2, 1, 1 + 5]
    assert table.loc["0.0001 of the initial gap", "ert"] == INF


def test_the_ecdf_counts_pairs_of_run_and_target():
    assert ecdf(reached([1.0, 1.0]), np.array([1.0, 2.0])).loc["o"].tolist() == [0.1, 0.2]  # of 2 x 5


def test_a_problem_that_was_not_run_counts_as_not_reached():
    times = pd.DataFrame({"problem": [*"ppq"], "optimizer": [*"aba"], "time": [1.0, 1.0, 3.0]})
    assert ecdf(times, np.array([1.0, 3.0])).to_numpy().tolist() == [[0.5, 1.0], [0.5, 0.5]]


def test_a_target_that_half_of_the_runs_miss_is_a_failure():
    assert (instance_times(reached([1.0, 1.0]))["o"] == INF).all()


def test_without_a_minimum_targets_are_fixed_costs():
    times = reached([1.0, np.nan])
    assert times["target"].str.startswith("cost ").all()
    assert times["target"].nunique() == 5


def test_without_points_there_is_no_target():
    chosen = pd.DataFrame({"run_id": ["r"], "problem": "p", "optimizer": "o", "optimum": 1.0})
    points = pd.DataFrame(columns=["run_id", "gradient_evals", "train_cost"])
    assert times_to_target(chosen, points).empty
