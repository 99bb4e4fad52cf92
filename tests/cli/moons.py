"""A command that trains in no time, and what it leaves."""

import optlab

MOONS = ["dataset=moons", "dataset.n_samples=60", "training.epochs=3"]


def runs(folder):
    return optlab.load(folder).runs
