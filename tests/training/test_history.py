"""The trajectories of a stack: its runs in another order, and where they end."""

import numpy as np
import pytest

from optlab.training.history import History


def history(parameters):
    """Three runs of two points."""
    return History(
        step=np.array([0, 1]),
        epoch=np.array([0.0, 1.0]),
        seconds=np.array([0.0, 0.1]),
        columns={"train_cost": np.array([[1.0, 2.0, 3.0], [4.0, 5.0, np.nan]])},
        n_points=np.array([2, 2, 1]),
        status=["completed", "early_stopped", "diverged"],
        final_point=np.array([1, 0, 0]),
        parameters=parameters,
        lr=np.array([0.1, 0.2, 0.3]),
    )


def test_final_values_stand_at_the_points_where_the_runs_end():
    assert history(None).final("train_cost").tolist() == [4.0, 2.0, 3.0]


@pytest.mark.parametrize("shape", [(3, 1), (2, 3, 1)])
def test_runs_are_selected_in_everything_that_belongs_to_a_run(shape):
    parameters = np.broadcast_to(np.arange(3.0)[:, None], shape)
    one = history(parameters).select_runs(np.array([2, 0]))
    assert one.status == ["diverged", "completed"]
    assert one.n_points.tolist() == [1, 2] and one.lr.tolist() == [0.3, 0.1]
    assert one.final("train_cost").tolist() == [3.0, 4.0]
    assert one.parameters[..., 0].reshape(-1, 2).tolist() == [[2.0, 0.0]] * (len(shape) - 1)
    assert one.step.tolist() == [0, 1]
