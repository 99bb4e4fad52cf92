"""What theory predicts is drawn where it is known and nowhere else."""

import json

import pytest

from optlab.report.convergence import convergence


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
