"""What trained models answer: on a grid over two features, on held-out data, and on noise."""

from typing import NamedTuple

import numpy as np

from optlab.analysis.trained.rebuilt import Rebuilt
from optlab.core.arrays import Array
from optlab.core.streams import Purpose, stream
from optlab.datasets.dataset import Dataset, Part

CHUNK = 2**22  # numbers of a network's widest layer that are in memory at a time


class Extent(NamedTuple):
    """A rectangle in the plane of two features."""

    left: float
    right: float
    bottom: float
    top: float


class Answers(NamedTuple):
    """Labels and predicted probabilities of one part of the data."""

    part: str  # test, validation or training
    y: Array  # (n,)
    probabilities: Array  # (n, C)

    @property
    def predicted(self) -> Array:
        """(n,) the most probable class."""
        return self.probabilities.argmax(1)


def extent(x: Array, margin: float = 0.12) -> Extent:
    """The rectangle around points x (n, 2), with a margin on every side."""
    low, high = x.min(0).astype(float), x.max(0).astype(float)
    room = margin * np.maximum(high - low, 1e-9)
    (left, bottom), (right, top) = low - room, high + room
    return Extent(left, right, bottom, top)


def on_grid(run: Rebuilt, w: Array, where: Extent, size: int) -> Array:
    """Probabilities (T, size, size, C) that models of two features with parameters w (T, P) predict.

    The second axis is the second feature, from the bottom to the top. Pictures are well served by float32.
    """
    first = np.linspace(where.left, where.right, size)
    second = np.linspace(where.bottom, where.top, size)
    x = np.stack(np.meshgrid(first, second), axis=-1, dtype=np.float32).reshape(-1, 2)
    with np.errstate(over="ignore"):
        return probabilities(run, w.astype(np.float32), x).reshape(len(w), size, size, -1)


def probabilities(run: Rebuilt, w: Array, x: Array) -> Array:
    """Predicted probabilities (T, n, C) of parameters w (T, P) for inputs x (n, d), some at a time."""
    rows = max(1, CHUNK // (run.model.width * len(w)))
    with np.errstate(all="ignore"):  # a diverged model answers NaN
        parts = [run.model.probabilities(w, x[start : start + rows]) for start in range(0, len(x), rows)]
    return np.concatenate(parts, axis=1)


def margins(p: Array) -> Array:
    """p (..., C) -> how much more probable a class is than the most probable of the others (..., C).

    It is 0 on the border of the region in which the class is predicted.
    """
    others = [np.delete(p, k, axis=-1).max(-1) for k in range(p.shape[-1])]
    return p - np.stack(others, axis=-1)


def answers(run: Rebuilt) -> Answers:
    """What a run's final model answers on the test data; without these, on validation or training data."""
    name, part = held_out(run.dataset)
    return Answers(name, part.y, probabilities(run, run.final, part.x)[0])


def held_out(dataset: Dataset) -> tuple[str, Part]:
    """The part of the data that a model is judged on, and its name."""
    parts = {"test": dataset.test, "validation": dataset.validation, "training": dataset.train}
    return next((name, part) for name, part in parts.items() if len(part.y))


def confusion(answers: Answers) -> Array:
    """(C, C) how many samples of the class of the row were taken for the class of the column."""
    n_classes = answers.probabilities.shape[1]
    pairs = answers.y * n_classes + answers.predicted
    return np.bincount(pairs, minlength=n_classes**2).reshape(n_classes, n_classes)


def worst(answers: Answers, limit: int) -> Array:
    """Positions of the wrong answers whose true class was given the least probability, the worst first."""
    true = answers.probabilities[np.arange(len(answers.y)), answers.y]
    wrong = np.flatnonzero(answers.predicted != answers.y)
    return wrong[np.argsort(true[wrong], kind="stable")][:limit]


def noise(dataset: Dataset, n: int) -> Array:
    """Inputs (n, d) with nothing in them: every feature uniform between its extremes in the training data.

    So noise is the same picture whether features are standardised or not.
    """
    x = dataset.train.x
    low, high = x.min(0), x.max(0)
    return (low + (high - low) * stream(Purpose.NOISE).random((n, len(low)))).astype(x.dtype)


def first_layer(run: Rebuilt) -> Array:
    """Weights (units, d) that connect the features with the first layer of a run's final model."""
    d = run.model.n_features
    units = getattr(run.model, "sizes", (d, 1))[1]
    return run.final[0, : d * units].reshape(d, units).T


def sample(part: Part, limit: int) -> Part:
    """At most so many rows of `part`, always the same ones."""
    if len(part.y) <= limit:
        return part
    rows = np.sort(stream(Purpose.SAMPLE).permutation(len(part.y))[:limit])
    return Part(part.x[rows], part.y[rows])
