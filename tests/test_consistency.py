"""The consistency gate: every method reaches the certified optimum of the declared objective.

A new optimizer is put to the test by being registered; methods whose defaults do not get there within the
budget say below which options do.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
import pytest
from scipy import sparse

from optlab.core.options import defaults
from optlab.datasets.dataset import Dataset, Part
from optlab.models import REGISTRY as MODELS
from optlab.objective.objective import Objective
from optlab.objective.oracle import Oracle
from optlab.objective.penalty import penalty
from optlab.optimizers import REGISTRY, asks
from optlab.training.loop import RunSpec, Training, train
from optlab.training.schedules import exponential

L2 = 0.05
ACCURACY = 1e-10
"""Largest gap J - J*."""


class Way(NamedTuple):
    """How a method is trained."""

    steps: int
    batch_size: int | None = None
    gamma: float = 1.0  # factor of the learning rate from step to step


FIXED = Way(1500)
LINE_SEARCH = Way(100)
FALLING = Way(1500, gamma=0.99)
"""For methods that keep moving by about lr near the optimum (rmsprop, lion), or burst now and then, where
their divisor has decayed with the gradients (nadam): with a fixed rate they end at 1e-5 and at 1e-4."""
BATCHES = Way(1200, batch_size=5)

OPTIONS: dict[str, tuple[Way, dict]] = {
    "sgd": (FIXED, {"lr": 0.5}),
    "momentum": (FIXED, {"lr": 0.1}),
    "nesterov": (FIXED, {"lr": 0.1}),
    "averaged_sgd": (FIXED, {"lr": 0.5, "start": 700}),
    "adagrad": (FIXED, {"lr": 0.5}),
    "rmsprop": (FALLING, {"lr": 0.1}),
    "adam": (FIXED, {"lr": 0.02}),
    "adamw": (FIXED, {"lr": 0.02, "weight_decay": 0.0}),  # decoupled decay is another objective's optimum
    "amsgrad": (FIXED, {"lr": 0.02}),
    "adamax": (FIXED, {"lr": 0.03}),
    "nadam": (FALLING, {"lr": 0.3}),
    "radam": (FIXED, {"lr": 0.03}),
    "lion": (FALLING, {"lr": 0.1}),
    "adabelief": (FIXED, {"lr": 0.02}),
    "yogi": (FIXED, {"lr": 0.02}),
    "adan": (FIXED, {"lr": 0.03}),
    "ademamix": (FIXED, {"lr": 0.02, "beta3": 0.99}),  # by default it remembers ten times these steps
    "adopt": (FIXED, {"lr": 0.3}),
    "d_adapt_adam": (FALLING, {}),
    "schedule_free_sgd": (FIXED, {"power": 2.0}),
    "schedule_free_adamw": (FIXED, {"lr": 0.02, "power": 8.0}),
    "adgd": (LINE_SEARCH, {}),
    "adgd_accelerated": (LINE_SEARCH, {}),
    "regularized_newton": (LINE_SEARCH, {}),
    "nesterov_strong": (FIXED, {"lr": "auto", "mu": "auto"}),
    "heavy_ball_optimal": (FIXED, {"lr": "auto", "mu": "auto"}),
    "ogm": (FIXED, {"lr": "auto"}),
    "nesterov_restart": (FIXED, {"lr": "auto"}),
    "novograd": (FALLING, {"lr": 0.1}),
    "adafactor": (FALLING, {"lr": 1.0}),
    "polyak": (FIXED, {}),
    "sps_max": (FIXED, {}),
    "momo": (FIXED, {}),
    "momo_adam": (FIXED, {}),
    "sls": (FIXED, {}),
    "ista": (FIXED, {"lr": 0.5}),
    "fista": (FIXED, {"lr": 0.3}),
    "prox_svrg": (BATCHES, {"lr": 0.2}),
    "prox_saga": (BATCHES, {"lr": 0.2}),
    "muon": (FALLING, {"lr": 0.1}),
    "shampoo": (FIXED, {"lr": 0.5}),
    "soap": (FALLING, {"lr": 0.1, "weight_decay": 0.0}),
    "lamb": (FALLING, {"lr": 0.1}),
    "sophia": (FIXED, {"lr": 0.3, "bound": 1.0}),
    "adahessian": (FIXED, {"lr": 0.1}),
    "lookahead": (FIXED, {"inner": "momentum", "lr": 0.1}),
    "cautious": (FALLING, {"inner": "adam", "lr": 0.1}),
    "grams": (FALLING, {"lr": 0.1}),
    "mars": (FIXED, {"inner": "adam", "lr": 0.02}),
    "ema": (FIXED, {"lr": 0.02, "decay": 0.98}),
    "torch": (FIXED, {"lr": 0.02}),
    "optax": (FIXED, {"lr": 0.02}),
    "lars": (FALLING, {"lr": 1.0, "trust": 0.02}),
    "svrg": (BATCHES, {"lr": 0.2}),
    "l_svrg": (BATCHES, {"lr": 0.2}),
    "sarah": (BATCHES, {"lr": 0.2}),
    "page": (BATCHES, {"lr": 0.2}),
    "katyusha": (BATCHES, {"lr": 0.1, "mu": "auto"}),
    "storm": (FIXED, {"lr": 0.5}),
    "saga": (BATCHES, {"lr": 0.2}),
    "sag": (BATCHES, {"lr": 0.2}),
}
MODEL = {"dense": "logistic", "sparse": "logistic", "multinomial": "softmax"}


def data(problem: str) -> Dataset:
    rng = np.random.default_rng(5)
    x = rng.normal(size=(60, 4)) * [1.0, 2.0, 0.5, 1.0]
    score = x @ [1.0, -1.0, 2.0, 0.0] + rng.normal(size=60)
    y = np.digitize(score, [-1, 1]) if problem == "multinomial" else (score > 0).astype(int)
    if problem == "sparse":
        x = sparse.csr_array(x * rng.integers(0, 2, x.shape))
    nothing = Part(x[:0], y[:0])
    classes = tuple(map(str, range(y.max() + 1)))
    return Dataset(problem, Part(x, y), nothing, nothing, ("a", "b", "c", "d"), classes, "")


@cache
def optimum(problem: str, model_name: str | None = None) -> float:
    """J*, certified: J is strongly convex on the level set, so that J - J* <= ||g||^2 / (2 mu)."""
    dataset = data(problem)
    model = MODELS.get(model_name or MODEL[problem])(4, dataset.n_classes)
    objective = Oracle(Objective(model, model.prepare(dataset.train, np.dtype(float)), penalty(l2=L2)))
    w = np.zeros((1, model.n_parameters))
    for _ in range(50):  # Newton's steps; adding one number to all biases changes nothing
        w = w - np.linalg.lstsq(objective.hessian(w)[0], objective.gradient(w)[0], rcond=1e-10)[0]
    curvatures = np.linalg.eigvalsh(objective.hessian(w)[0])
    mu = curvatures[curvatures > 1e-10].min()
    assert (objective.gradient(w) ** 2).sum() / (2 * mu) < 1e-20
    return objective.value(w)[0]


def model_of(method: str, problem: str) -> str:
    """The model of a problem; softmax where a method asks for matrices."""
    return "softmax" if "matrices" in asks(method) else MODEL[problem]


def way(method: str) -> Way:
    return OPTIONS.get(method, (LINE_SEARCH if "value" in asks(method) else FIXED, {}))[0]


@cache
def gaps(problem: str, model_name: str, trained: Way) -> dict[str, float]:
    """J - J* that the methods trained in one way end with; they train side by side."""
    dataset = data(problem)
    model = MODELS.get(model_name)(4, dataset.n_classes)
    names = [name for name in REGISTRY.names() if model_of(name, problem) == model_name]
    methods = [name for name in names if way(name) == trained]
    options = [{**defaults(REGISTRY.get(o)), **OPTIONS.get(o, (trained, {}))[1]} for o in methods]
    members = [RunSpec(o, given, penalty(l2=L2), 0) for o, given in zip(methods, options, strict=True)]
    steps, batch_size, gamma = trained
    budget = Training(
        batch_size=batch_size, epochs=None, max_steps=steps, sampling="independent", record_every=steps
    )
    schedule = exponential(steps, gamma=gamma)
    final = train(model, dataset, members, budget, schedule).columns["train_cost"][-1]
    return dict(zip(methods, final - optimum(problem, model_name), strict=True))


@pytest.mark.parametrize("problem", MODEL)
@pytest.mark.parametrize("method", REGISTRY.names())
def test_every_method_reaches_the_certified_optimum(method: str, problem: str):
    assert -1e-14 < gaps(problem, model_of(method, problem), way(method))[method] < ACCURACY
