"""Rates and edges against the methods themselves, run on quadratics and on a real problem."""

import json

import numpy as np
import pytest

from optlab.analysis.problem.problems import with_problems
from optlab.analysis.theory.stability import contraction, edges, predicted_rates, stability_edge
from optlab.optimizers import REGISTRY

CURVATURES = np.array([0.05, 0.4, 1.0, 2.0])


class Quadratic:
    """J(w) = sum_p c_p w_p^2 / 2."""

    def gradient(self, w):
        return CURVATURES * w


def errors(optimizer, lr, steps, **options):
    rule = REGISTRY.get(optimizer)(lr=lr, **options)
    w = np.ones((1, len(CURVATURES)))
    state, path = rule.init(w, Quadratic()), []
    for _ in range(steps):
        w, state = rule.update(w, state, Quadratic())
        path.append(np.linalg.norm(w))
    return np.array(path)


METHODS = [("sgd", {}), ("momentum", {"momentum": 0.7}), ("nesterov", {"momentum": 0.7})]


@pytest.mark.parametrize(("optimizer", "options"), METHODS)
@pytest.mark.parametrize("lr", [0.1, 0.6, 0.9])
def test_the_contraction_is_that_of_the_method(optimizer, options, lr):
    momentum = options.get("momentum", 0.0)
    predicted = max(contraction(optimizer, lr, momentum, c) for c in (0.05, 2.0))
    path = errors(optimizer, lr, 600, **options)
    observed = (path[-1] / path[199]) ** (1 / 400)  # a mean over many steps: complex roots make it swing
    assert predicted == pytest.approx(observed, rel=0.01) or predicted > 1


@pytest.mark.parametrize(("optimizer", "options"), METHODS)
def test_the_edge_divides_what_converges_from_what_diverges(optimizer, options):
    edge = stability_edge(optimizer, 2.0, options.get("momentum", 0.0))
    assert errors(optimizer, 0.99 * edge, 2000, **options)[-1] < 1e-6
    assert errors(optimizer, 1.01 * edge, 2000, **options)[-1] > 1e3


@pytest.fixture
def described(table):
    """Runs of `sgd` with a full configuration, and the curvatures of their problem."""

    def made(rates, **changes):
        runs = with_problems(table(*(("sgd", lr, 0, 0.5) for lr in rates), mu=0.1, sharpness=1.0, L=4.0))
        configs = []
        for lr in rates:
            config = {
                "optimizer": {"name": "sgd", "lr": lr},
                "schedule": {"name": "constant"},
                "training": {"batch_size": None},
            }
            for path, value in changes.items():
                section, option = path.split("__")
                config[section][option] = value
            configs.append(json.dumps(config))
        return runs.assign(config=configs)

    return made


def test_rate_and_edge_of_runs(described):
    assert edges(described([0.1, 0.5]))["edge"].tolist() == [0.5]
    assert predicted_rates(described([0.5]))["rate"].item() == pytest.approx(0.95**2)


@pytest.mark.parametrize(
    "change",
    [
        {"training__batch_size": 32},
        {"schedule__name": "cosine"},
        {"schedule__warmup_steps": 10},
        {"schedule__also": {"momentum": {"name": "linear"}}},
        {"optimizer__weight_decay": 0.1},
        {"optimizer__dampening": 0.5},
        {"optimizer__layer_rates": [1.0, 0.1]},
        {"training__clip_norm": 1.0},
    ],
)
def test_of_what_theory_is_not_about_nothing_is_predicted(described, change):
    assert predicted_rates(described([0.5], **change)).empty
    assert edges(described([0.5], **change)).empty


def test_a_method_that_ran_on_mini_batches_too_has_no_edge(described):
    assert edges(described([0.1, 0.5]).assign(batch=["full", "64"])).empty


def test_two_momenta_have_no_common_edge(described):
    runs = described([0.1, 0.2]).assign(optimizer="momentum")
    configs = [json.loads(text) for text in runs["config"]]
    for config, momentum in zip(configs, (0.5, 0.9), strict=True):
        config["optimizer"]["momentum"] = momentum
    assert edges(runs.assign(config=[json.dumps(config) for config in configs])).empty
