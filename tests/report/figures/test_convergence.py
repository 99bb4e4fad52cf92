"""What theory predicts is drawn where it is known and nowhere else."""

import json

import pytest

from optlab.report.figures.convergence import convergence


def thin(axes):
    return [line for line in axes.lines if line.get_linewidth() == 0.7]


def test_the_predicted_rate_is_drawn_for_gradient_descent(known):
    [line] = thin(convergence(*known, column="gap").axes[0])
    (x, y), rates = line.get_data(), known[0].loc[known[0]["optimizer"] == "sgd", "lr"].unique()
    observed = (y[11] / y[10]) ** (1 / (x[11] - x[10]))
    assert any(observed == pytest.approx((1 - rate * 0.01) ** 2, rel=1e-6) for rate in rates)


def test_mini_batches_have_no_predicted_rate(known):
    runs, trajectories = known
    configs = [json.loads(text) for text in runs["config"]]
    for config in configs:
        config["training"]["batch_size"] = 32
    runs = runs.assign(config=[json.dumps(config) for config in configs])
    assert not thin(convergence(runs, trajectories, column="gap").axes[0])


def test_seconds_of_runs_that_were_trained_together_are_not_drawn(known):
    figure = convergence(*known, axis="seconds")
    assert "max_stack=1" in figure.texts[0].get_text()


def test_a_line_that_ends_above_the_panel_has_no_marker_there(known):
    runs, trajectories = known
    adam = trajectories["run_id"].isin(runs.loc[runs["optimizer"] == "adam", "run_id"])
    cost = trajectories["train_cost"].mask(adam & (trajectories["step"] > 50), 1e3)
    axes = convergence(runs, trajectories.assign(train_cost=cost)).axes[0]
    ends = [line for line in axes.lines if line.get_marker() not in ("None", "")]
    above = [line.get_ydata()[-1] > axes.get_ylim()[1] for line in ends]
    assert [line.get_clip_on() for line in ends] == above == [True, False]


def test_hessian_work_is_drawn_of_those_that_ask_for_it(known):
    runs, trajectories = known
    asks = trajectories["run_id"].isin(runs.loc[runs["optimizer"] == "adam", "run_id"])
    work = trajectories["step"].where(asks, 0.0)
    figure = convergence(runs, trajectories.assign(hessian_work=work), axis="hessian_work")
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["adam"]
