"""The metrics: names, what is measure_all, and what the tables make of them."""

import subprocess
import sys

import numpy as np
import pytest

import optlab
from optlab.datasets.dataset import Part
from optlab.models import REGISTRY as MODELS
from optlab.objective.objective import Objective
from optlab.objective.oracle import COUNTERS
from optlab.objective.penalty import penalty
from optlab.training.metrics import (
    METRICS,
    OUTCOMES,
    RECORDED,
    Point,
    activity,
    fit,
    held_out,
    measure_all,
    metric_of,
    worst,
)

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(40, 3)), np.arange(40) % 2
W = RNG.normal(size=(2, 4))
MODEL = MODELS.get("logistic")(3, 2)
TRAIN, TEST = (MODEL.prepare(Part(X[:n], Y[:n]), np.dtype(float)) for n in (40, 10))


@pytest.fixture
def point():
    """Two runs of logistic regression, with test data and without validation data."""
    objective = Objective(MODEL, TRAIN, penalty(l2=0.1))
    train = objective.evaluate(W, gradient=True, accuracy=True)
    fitted = fit(MODEL, TRAIN, train.accuracy)
    return Point(objective, train, np.arange(12.0).reshape(6, 2), fitted, test=held_out(MODEL, W, TEST))


def test_every_name_is_unique_and_leads_to_its_metric():
    names = [metric.name for metric in METRICS]
    assert len(set(names)) == len(names)
    assert all(metric_of(metric.name) is metric for metric in METRICS)
    assert all(metric_of(f"final_{metric.name}") is metric for metric in METRICS)


def test_every_metric_is_measured_and_those_without_data_are_missing(point):
    columns = measure_all(point)
    assert tuple(columns) == RECORDED
    missing = {name for name, values in columns.items() if np.isnan(values).all()}
    assert missing == {"validation_cost", "validation_accuracy"}


def test_the_gradient_norm_is_the_largest_slope(point):
    slopes = Objective(MODEL, TRAIN, penalty(l2=0.1)).evaluate(W, gradient=True).gradient
    largest = [max(abs(slope) for slope in row) for row in slopes]
    np.testing.assert_array_equal(measure_all(point)["grad_norm"], largest)


def test_costs_of_held_out_data_have_no_penalty(point):
    np.testing.assert_array_equal(measure_all(point)["test_cost"], Objective(MODEL, TEST).evaluate(W).value)


def test_counters_are_told_apart(point):
    columns = measure_all(point)
    np.testing.assert_array_equal([columns[name] for name in COUNTERS], point.counts)


def test_a_hidden_layer_has_columns_of_its_own():
    model = MODELS.get("mlp")(3, 2, hidden=[4, 5])
    w = RNG.normal(size=(2, model.n_parameters))
    samples = model.prepare(Part(X, Y), np.dtype(float))
    objective = Objective(model, samples)
    train = objective.evaluate(w, accuracy=True)
    columns = measure_all(Point(objective, train, np.zeros((6, 2)), activity=activity(model, w, samples)))
    assert list(columns)[len(RECORDED) :] == ["saturation_1", "sparsity_1", "saturation_2", "sparsity_2"]
    np.testing.assert_array_equal(
        [columns[name] for name in list(columns)[len(RECORDED) :]], model.activity(w, samples)
    )


@pytest.mark.parametrize(
    "column, label",
    [
        ("final_train_cost", "training cost J"),
        ("best_validation_cost", "validation cost"),
        ("grad_norm", "gradient norm"),
        ("sparsity_12", "share of silent units"),
    ],
)
def test_a_column_leads_to_its_metric(column, label):
    assert metric_of(column).label == label


@pytest.mark.parametrize("column", ["final_gap", "gap", "lr", "train"])
def test_what_is_no_metric_leads_nowhere(column):
    assert metric_of(column) is None


def test_the_worst_cost_is_infinite_and_the_worst_accuracy_zero():
    values = {name: worst(name) for name in OUTCOMES}
    assert {name for name, value in values.items() if value == 0} == {
        f"final_{part}_accuracy" for part in ("train", "validation", "test")
    }
    assert {name for name, value in values.items() if value == -np.inf} == {
        f"final_{part}_r2" for part in ("train", "validation", "test")
    }
    assert all(value in (0, np.inf, -np.inf) for value in values.values())


ADD_WEIGHT_NORM = """
import sys
from importlib.util import find_spec, module_from_spec

spec = find_spec("optlab.training.metrics")
entry = 'Metric("weight_norm", "norm of w", lambda point: np.linalg.norm(point.train.w, axis=1), final=True),'
source = spec.loader.get_source(spec.name).replace("METRICS = (", f"METRICS = ({entry}")
module = sys.modules[spec.name] = module_from_spec(spec)
exec(compile(source, spec.origin, "exec"), vars(module))

from optlab.cli import app, report

run = app.run if sys.argv[1] == "-m" else report.main
sys.exit(run(sys.argv[1:]))
"""


def with_weight_norm(*arguments):
    """Run `optlab` or `optlab-report` as if `METRICS` had one more entry."""
    command = [sys.executable, "-c", ADD_WEIGHT_NORM, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_new_entry_is_recorded_can_be_chosen_by_and_reaches_the_report(tmp_path):
    sweep = ["dataset=breast_cancer", "optimizer=sgd,adam", "optimizer.lr=0.01,0.1", "training.epochs=5"]
    old, new = tmp_path / "old", tmp_path / "new"
    launch = [*sweep, "training.record_parameters=all", "hydra.launcher.n_jobs=1"]
    with_weight_norm("-m", *launch, "objective_metric=final_weight_norm", f"hydra.sweep.dir={new}")
    results = optlab.load(new)
    for run_id, points in results.trajectories.groupby("run_id"):
        norms = np.linalg.norm(results.parameters(run_id), axis=1)
        np.testing.assert_allclose(points["weight_norm"], norms, rtol=1e-12)
        final = results.runs.set_index("run_id").loc[run_id, "final_weight_norm"]
        assert final == points["weight_norm"].iloc[-1]
    page = (new / "report" / "report.md").read_text("utf-8")
    assert "final norm of w" in page and "| norm of w |" in page
    assert [*(new / "report" / "figures").glob("convergence-*-weight_norm.svg")]

    optlab.sweep(sweep, old)  # without the metric, as an older optlab would
    for metric in ("final_train_cost", "final_weight_norm"):
        with_weight_norm(old, "--metric", metric, "--out", tmp_path / metric)
    assert "adam" in (tmp_path / "final_train_cost" / "report" / "report.md").read_text("utf-8")
    page = (tmp_path / "final_weight_norm" / "report" / "report.md").read_text("utf-8")
    assert "Nothing to compare" in page and "final norm of w" in page


def test_the_weights_that_are_not_0_are_counted_where_a_penalty_can_make_them_so():
    w = np.array([[0.0, 1.0, 0.0, 0.0], [2.0, -1.0, 0.0, 0.0]])
    objective = Objective(MODEL, TRAIN, penalty(l1=0.1))
    point = Point(objective, objective.evaluate(w, gradient=True), np.zeros((6, 2)))
    np.testing.assert_array_equal(measure_all(point)["nonzeros"], [1, 2])
