"""The work after which a run is as good as it ends, on trajectories written by hand."""

import numpy as np
import pandas as pd
import pytest

from optlab.analysis.choice.reached import with_reached

OPTIMUM, LEAST = 0.5, 1e-12


@pytest.fixture
def reached(table):
    """The work of one run with these costs, one gradient each, whose minimum may be known."""

    def made(costs, metric="final_train_cost", column="train_cost", known=False, **columns):
        final = {"final_train_cost": costs[-1], **columns}
        runs = table(("newton", 1.0, 0, costs[-1])).assign(problem="pima", **final)
        if known:
            runs = runs.assign(optimum=OPTIMUM, least_gap=LEAST)
        none = dict.fromkeys(("value_evals", "hvp_evals", "hessian_evals"), 0.0)
        steps = np.arange(len(costs))
        points = pd.DataFrame({"run_id": runs["run_id"].item(), "step": steps, "gradient_evals": steps * 1.0})
        points = points.assign(epoch=steps * 7.0, **{"train_cost": 1.0, column: costs}, **none)
        return with_reached(runs, points, metric)["reached"].item()

    return made


def test_it_is_the_first_record_that_agrees_with_the_last_to_nine_digits(reached):
    assert reached([9.0, 1 + 1e-8, 1 + 1e-10, 1.0, 1.0]) == 2


def test_every_point_within_the_certificate_is_the_minimum(reached):
    costs = [0.7, OPTIMUM + 4 * LEAST, OPTIMUM + LEAST / 2, OPTIMUM]
    assert reached(costs, known=True) == 2


def test_outside_the_certificate_digits_decide(reached):
    assert reached([0.7, 0.6, 0.55], known=True) == 2


def test_an_accuracy_is_reached_from_below(reached):
    accuracies = [0.1, 0.8, 0.7, 0.8]
    outcome = {"final_test_accuracy": 0.8}
    assert reached(accuracies, "final_test_accuracy", "test_accuracy", **outcome) == 1


def test_a_run_that_has_no_such_record_counts_with_all_its_work(reached):
    assert reached([1.0, 2.0, np.nan]) == 2


def test_work_that_was_not_recorded_is_counted_in_epochs(table):
    runs = table(("newton", 1.0, 0, 1.0)).assign(problem="pima")
    names = ("gradient_evals", "value_evals", "hvp_evals", "hessian_evals")
    points = pd.DataFrame({"run_id": [runs["run_id"].item()] * 2, "step": [0, 10], "epoch": [0.0, 3.0]})
    points = points.assign(train_cost=[2.0, 1.0], **dict.fromkeys(names, np.nan))
    assert with_reached(runs, points, "final_train_cost")["reached"].item() == 3.0
