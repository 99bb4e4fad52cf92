"""The recorder: what is measured of runs on their way, which of them go on, and where they end."""

import numpy as np
import pytest

from optlab.datasets.dataset import Dataset, Part
from optlab.models import REGISTRY as MODELS
from optlab.objective.objective import Objective
from optlab.objective.oracle import Oracle
from optlab.training.recorder import Recorder
from optlab.training.settings import Training

X = np.random.default_rng(0).normal(size=(8, 2))
PART = Part(X, np.arange(8) % 2)
NOTHING = Part(np.empty((0, 2)), np.empty(0, int))
MODEL = MODELS.get("logistic")(2, 2)
SAMPLES = MODEL.prepare(PART, np.dtype(float))


def recorded(costs, parameters=None, validation=NOTHING, **training):
    """The history of runs with these costs (T, R); their parameters are 0, 1, ... unless they are given."""
    dataset = Dataset("test", PART, validation, NOTHING, ("a", "b"), ("no", "yes"), "")
    costs = np.array(costs, float)
    n_runs = costs.shape[1]
    recorder = Recorder(MODEL, dataset, SAMPLES, Training(**training), n_runs, np.dtype(float))
    oracle, runs = Oracle(Objective(MODEL, SAMPLES), n_runs), np.arange(n_runs)
    for step, row in enumerate(costs):
        w = np.full((len(runs), 3), float(step if parameters is None else parameters[step]))
        point = oracle.evaluated_at(w, accuracy=True)
        point.evaluation = point.evaluation._replace(value=row[runs])
        active = recorder.record(step, 0.1 * step, point)
        if not active.any():
            break
        runs, oracle = runs[active], oracle.select_runs(active)
    return recorder.history()


def test_points_of_runs_that_have_ended_are_missing():
    history = recorded([[1, 1], [np.nan, 2], [3, 3]])
    assert history.status == ["diverged", "worse"] and history.n_points.tolist() == [2, 3]
    np.testing.assert_array_equal(history.columns["train_cost"], [[1, 1], [np.nan, 2], [np.nan, 3]])
    np.testing.assert_array_equal(np.isnan(history.columns["grad_norm"][2]), [True, False])


@pytest.mark.parametrize(
    "costs, statuses",
    [
        ([1, 9e5, 1e6, 1.1e6], ["completed", "worse", "worse", "diverged"]),
        ([1, 1e-9, 1], ["completed"] * 3),  # a million times the least cost is no divergence
        ([0, 2, 1.9e6, 2.1e6], ["completed", "completed", "completed", "diverged"]),  # 0 is no measure
    ],
)
def test_a_run_diverges_above_a_million_times_its_first_cost_that_is_not_zero(costs, statuses):
    found = [recorded([[cost] for cost in costs[: n + 1]]).status[0] for n in range(len(costs))]
    assert found == statuses


def test_a_run_that_ends_above_its_start_by_more_than_a_hundredth_is_worse():
    history = recorded([[1, 1, 1, 0], [5, 2, 5, 1], [1.011, 1.009, 0.5, 3]])
    assert history.status == ["worse", "completed", "completed", "completed"]  # a start at 0 is no measure


def test_it_is_worse_where_a_stop_rule_ends_it_too_but_not_where_the_clock_does():
    assert recorded([[1], [3], [3]], tolerance=1e-3).status == ["worse"]
    assert recorded([[1], [3], [4]], max_seconds=0.15).status == ["timed_out"]


def test_without_patience_a_run_ends_where_it_was_recorded_last():
    history = recorded([[3], [1], [2]], validation=PART, record_parameters="final")
    assert history.final_point.tolist() == [2] and history.parameters.tolist() == [[2.0] * 3]


def test_with_patience_it_ends_at_the_first_of_its_best_points():
    """Parameters 1 have the least validation cost of 3, 1, 2; a second visit is no better than the first."""
    history = recorded(
        [[1]] * 7, [3, 1, 2, 1, 3, 3, 3], validation=PART, patience=3, record_parameters="final"
    )
    cost = history.columns["validation_cost"][:, 0]
    assert cost[1] == cost[3] < cost[2] < cost[0]
    assert history.status == ["early_stopped"] and history.n_points.tolist() == [5]
    assert history.final_point.tolist() == [1] and history.parameters.tolist() == [[1.0] * 3]
    assert history.final("validation_cost")[0] == cost[1]


def test_parameters_of_all_points_end_with_their_runs():
    history = recorded([[1, 1], [np.nan, 2], [3, 3]], record_parameters="all")
    assert history.parameters[:, 1, 0].tolist() == [0, 1, 2]
    np.testing.assert_array_equal(history.parameters[:, 0, 0], [0, 1, np.nan])


def test_a_step_is_due_at_its_turn_and_when_time_is_over():
    dataset = Dataset("test", PART, NOTHING, NOTHING, ("a", "b"), ("no", "yes"), "")
    training = Training(record_every=4, epochs=10, max_seconds=5.0)
    recorder = Recorder(MODEL, dataset, SAMPLES, training, 1, np.dtype(float))
    assert [step for step in range(11) if recorder.is_due(step, 0.0)] == [0, 4, 8, 10]
    assert recorder.is_due(3, 5.0) and not recorder.is_due(3, 4.9)
