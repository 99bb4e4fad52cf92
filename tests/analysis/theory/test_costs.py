"""Counts that were worked out by hand."""

import json

import numpy as np
import pandas as pd
import pytest

from optlab import models
from optlab.analysis.theory.costs import COMPUTED, flops_of, is_charged, offered, with_costs
from optlab.datasets import load
from optlab.runs import identity
from optlab.runs.schema import Schema


def test_logistic_regression_by_hand():
    """10 samples of 3 features and a one: a product with w takes 2 * 10 * 4 operations."""
    counts = flops_of(models.REGISTRY.get("logistic")(3, 2), 30, 10)
    assert counts == (80, 160, 240, 2 * 10 * 16 + 4**3 / 3, 4)


def test_softmax_by_hand():
    """Of 3 scores there are 6 pairs, each with a product of (4, 10) and (10, 4)."""
    counts = flops_of(models.REGISTRY.get("softmax")(3, 3), 30, 10)
    assert counts == (240, 480, 720, 6 * 2 * 10 * 16 + 12**3 / 3, 12)


def test_a_network_by_hand():
    """3-4-2-1 without its own products below the first layer: 16 parameters there, 10 + 3 above."""
    counts = flops_of(models.REGISTRY.get("mlp")(3, 2, hidden=[4, 2]), 30, 10)
    value = 2 * 10 * 16 + 2 * 10 * 13
    assert counts.value == value
    assert counts.gradient == value + 2 * 10 * 16 + 4 * 10 * 13
    assert counts.hvp == 3 * value + 10 * 10 * 13
    assert counts.hessian == 29 * counts.hvp + 29**3 / 3


def test_sparse_data_are_counted_by_what_is_stored():
    assert flops_of(models.REGISTRY.get("logistic")(1000, 2), 50, 10).value == 2 * (50 + 10)


@pytest.fixture
def run(table):
    config = Schema().canonical(
        {
            "dataset": {"name": "breast_cancer"},
            "model": {"name": "logistic"},
            "optimizer": {"name": "sgd"},
            "schedule": {"name": "constant"},
            "training": {},
        }
    )
    run_id = identity.run_of(config, load(config["dataset"]).sha256).run_id
    return table(("sgd", 0.1, 0, 0.5), config=json.dumps(config), run_id=run_id)


def points_of(run):
    counts = {"value_evals": 2.0, "gradient_evals": 3.0, "hvp_evals": 4.0, "hessian_evals": 5.0}
    return pd.DataFrame({"run_id": run["run_id"], **counts})


def test_the_work_of_a_run_is_what_was_charged(run):
    points = points_of(run).assign(work=7.0)
    found = with_costs(points, run).iloc[0]
    assert is_charged(points) and found["gradient_equivalents"] == 7
    assert found["flops"] == 7 * 4 * 341 * 31


def test_work_that_was_charged_is_known_without_the_data(run):
    run = run.assign(run_id="other")
    points = with_costs(points_of(run).assign(work=7.0), run)
    assert offered(points) == ["gradient_equivalents"]
    assert points["flops"].isna().all()


def test_where_work_was_not_recorded_the_evaluations_count(run):
    old = points_of(run).assign(work=np.nan)
    assert not is_charged(old)
    pd.testing.assert_frame_equal(
        with_costs(old, run)[[*COMPUTED]], with_costs(points_of(run), run)[[*COMPUTED]]
    )


def test_the_work_of_a_run_of_older_folders_is_counted_from_its_evaluations(run):
    found = with_costs(points_of(run), run).iloc[0]
    n, p = 341, 31
    each = np.array([2 * n * p, 4 * n * p, 6 * n * p, 2 * n * p**2 + p**3 / 3])
    assert found["flops"] == pytest.approx(each @ [2, 3, 4, 5])
    assert found["gradient_equivalents"] == pytest.approx(each @ [2, 3, 4, 5] / each[1])
    assert found["hessian_work"] == 4 + 5 * p


@pytest.mark.parametrize(
    ("asked", "axes"),
    [
        ({}, ["gradient_equivalents", "hessian_work", "flops"]),
        ({"hvp_evals": 0, "hessian_evals": 0}, ["gradient_equivalents", "flops"]),
        ({"value_evals": 0, "hvp_evals": 0, "hessian_evals": 0}, []),
    ],
)
def test_only_axes_that_tell_more_than_the_count_of_gradients_are_offered(run, asked, axes):
    assert offered(with_costs(points_of(run).assign(**asked), run)) == axes


def test_without_the_data_nothing_is_counted(run):
    run = run.assign(run_id="other")
    points = with_costs(points_of(run), run)
    assert points[list(COMPUTED)].isna().all(axis=None)
    assert offered(points) == []
