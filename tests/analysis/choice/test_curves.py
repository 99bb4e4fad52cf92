import numpy as np
import pandas as pd

from optlab.analysis.choice.curves import aligned, common_grid, curves


def runs_of(*status):
    names = [f"r{number}" for number in range(len(status))]
    return pd.DataFrame({"run_id": names, "status": status, "problem": "p", "optimizer": "o"})


def recorded(*paths):
    rows = [(f"r{r}", step, cost) for r, path in enumerate(paths) for step, cost in path]
    return pd.DataFrame(rows, columns=["run_id", "step", "train_cost"])


def test_median_and_interval_at_every_recorded_step():
    """Of seven runs the extremes cover the median with 1 - 2 / 2^7."""
    curve = curves(
        runs_of(*["completed"] * 7), recorded(*([(0, 9), (1, cost)] for cost in (1, 2, 3, 4, 5, 6, 7)))
    )
    assert curve[["x", "median", "low", "high", "level", "runs"]].to_numpy().tolist() == [
        [0, 9, 9, 9, 1 - 2 / 2**7, 7],
        [1, 4, 1, 7, 1 - 2 / 2**7, 7],
    ]


def test_of_three_runs_there_is_no_interval():
    curve = curves(runs_of(*["completed"] * 3), recorded([(0, 1)], [(0, 2)], [(0, 6)]))
    assert curve["median"].tolist() == [2] and curve[["low", "high", "level"]].isna().all(axis=None)


def test_a_run_that_stopped_early_keeps_its_last_value():
    curve = curves(runs_of("converged", "completed"), recorded([(0, 4), (1, 2)], [(0, 4), (1, 4), (2, 4)]))
    assert list(curve["median"]) == [4, 3, 3]
    assert list(curve["running"]) == [2, 2, 1]


def test_a_diverged_run_counts_as_infinite_from_its_last_point_on():
    whole = [[(0, 4), (1, 3), (2, 1)]] * 5
    curve = curves(runs_of("diverged", *["completed"] * 5), recorded([(0, 4), (1, 5)], *whole))
    assert list(curve["median"]) == [4, 3, 1]
    assert list(curve["high"]) == [4, np.inf, np.inf]


def test_between_two_records_the_earlier_one_holds():
    values = aligned([(np.array([0.0, 2.0]), np.array([5.0, 1.0]))], np.array([0.0, 1.0, 2.0, 3.0]))
    assert values.tolist() == [[5, 5, 1, 1]]


def test_a_long_grid_is_thinned_and_keeps_both_ends():
    grid = common_grid([(np.arange(10_001.0), np.zeros(10_001))], 100)
    assert len(grid) <= 100
    assert (grid[0], grid[1], grid[-1]) == (0, 1, 10_000)


def test_optimizers_without_any_value_are_absent():
    assert curves(runs_of("completed"), recorded([(0, np.nan), (1, np.nan)])).empty
    assert curves(runs_of("diverged"), recorded([(0, np.nan)])).empty
    assert curves(runs_of("completed"), recorded()).empty


def test_the_trajectories_are_not_changed():
    trajectories = recorded([(0, 4.0), (1, np.nan)])
    before = trajectories.copy()
    curves(runs_of("diverged"), trajectories)
    pd.testing.assert_frame_equal(trajectories, before)
