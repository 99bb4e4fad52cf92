"""A small canonical configuration, to be varied."""

import copy

import pytest

from optlab.sweep.schema import Schema

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
        return Schema().checked(made)

    return make
