"""A small configuration to be varied, and small sweeps that are really trained."""

import copy
import logging
from itertools import product

import pytest

import optlab
from optlab.runs import build
from optlab.runs.schema import REGISTRIES, Schema
from optlab.store import write
from optlab.sweeps import plan, train


def trained_into(
    folder, dataset, model, optimizers=("sgd", "adam"), lrs=(0.1,), seeds=(0, 1), dtype="float64", **training
):
    """Train every optimizer, rate and seed into `folder` and read the results."""
    configs = [
        Schema().canonical(
            {
                "dataset": dataset,
                "model": model,
                "optimizer": {"name": optimizer, "lr": lr},
                "schedule": {"name": "constant"},
                "training": {"max_steps": 4, "record_every": 1, **training},
                "seed": seed,
                "dtype": dtype,
            }
        )
        for optimizer, lr, seed in product(optimizers, lrs, seeds)
    ]
    write.prepare(folder)
    for stack in plan.stacks(plan.runs((config, ()) for config in configs), plan.Limits()):
        history = train.train_once(stack.runs, build.data(stack.runs[0].config))
        train.store_stack(stack, folder, history, build.data(stack.runs[0].config))
    return optlab.load(folder)


CIRCLES = {"name": "circles", "n_samples": 60, "test_fraction": 0.2, "validation_fraction": 0.2}


@pytest.fixture(scope="session")
def circles(tmp_path_factory):
    """Two optimizers on data with two features, parameters recorded along the way."""
    folder = tmp_path_factory.mktemp("circles")
    return trained_into(folder, CIRCLES, {"name": "mlp", "hidden": [3]}, record_parameters="all")


@pytest.fixture(scope="session")
def digits(tmp_path_factory):
    """A network on images, the final parameters recorded."""
    folder = tmp_path_factory.mktemp("digits")
    model = {"name": "mlp", "hidden": [12]}
    return trained_into(folder, {"name": "digits", "max_rows": 200}, model, record_parameters="final")


@pytest.fixture(scope="session")
def trained():
    """`trained_into`."""
    return trained_into


@pytest.fixture(autouse=True)
def logging_as_before():
    """The logging that Hydra sets up ends with the test: its handlers would outlive the captured streams."""
    loggers = [logging.root, logging.getLogger("hydra")]
    before = [(logger, logger.level, logger.handlers[:]) for logger in loggers]
    yield
    for logger, level, handlers in before:
        logger.setLevel(level)
        logger.handlers[:] = handlers


SMALL = {
    "dataset": {"name": "moons", "n_samples": 60},
    "model": {"name": "logistic", "l2": 0.01},
    "optimizer": {"name": "adam", "lr": 0.1},
    "schedule": {"name": "constant"},
    "training": {"epochs": 3},
}


@pytest.fixture
def config():
    """A function: keys like ``optimizer__lr=0.1`` -> canonical configuration."""

    def make(**changes):
        made = copy.deepcopy(SMALL)
        for key, value in changes.items():
            *sections, name = key.split("__")
            section = made
            for part in sections:
                section = section[part]
            section[name] = value
        return Schema().canonical(made)

    return make


@pytest.fixture
def registries(monkeypatch):
    """What a test registers is forgotten at its end."""
    for registry in REGISTRIES.values():
        registry.names()  # optlab's own are there
        monkeypatch.setattr(registry, "_entries", dict(registry._entries))
