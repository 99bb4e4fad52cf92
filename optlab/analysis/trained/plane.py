"""The plane in which parameters move most, and the cost on it.

The recorded parameters of one run, or of several on the same cost, are points in P dimensions. Their two
leading principal directions span the plane that shows most of their movement: the parameters are projected on
it, and the cost is that of the points of the plane, on which the parameters themselves need not lie.

Reference: Li, Xu, Taylor, Studer and Goldstein, Visualizing the loss landscape of neural nets, 2018, section
on optimization paths.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from optlab.analysis.trained.predictions import Extent, sample
from optlab.analysis.trained.rebuilt import Rebuilt
from optlab.core.arrays import Array
from optlab.objective.objective import Objective
from optlab.objective.penalty import penalty_of
from optlab.training.l1_max import with_numbers

WORK = 2e9  # products that the cost of all points of a plane may take


class Plane(NamedTuple):
    """A plane in the space of parameters."""

    centre: Array  # (P,)
    directions: Array  # (2, P), orthonormal
    explained: Array  # (2,) share of the variance of the parameters along each direction

    def coordinates(self, w: Array) -> Array:
        """Parameters w (T, P) projected on the plane, (T, 2)."""
        return (w - self.centre) @ self.directions.T

    def parameters(self, coordinates: Array) -> Array:
        """The parameters (T, P) at points of the plane (T, 2)."""
        return self.centre + coordinates @ self.directions


def plane(paths: Sequence[Array]) -> Plane:
    """The plane of the two leading principal directions of paths (T, P), each of which counts alike.

    There must be two points and two parameters at least. The sign of a direction is free: here its largest
    number is positive.
    """
    w = np.concatenate(paths).astype(float)
    share = np.concatenate([np.full(len(path), 1 / len(path)) for path in paths])[:, None] / len(paths)
    centre = (share * w).sum(0)
    _, scales, directions = np.linalg.svd(np.sqrt(share) * (w - centre), full_matrices=False)
    signs = np.sign(directions[[0, 1], np.abs(directions[:2]).argmax(1)])
    variance = scales**2
    explained = variance[:2] / variance.sum() if variance.sum() > 0 else np.zeros(2)
    return Plane(centre, signs[:, None] * directions[:2], explained)


def sample_size(run: Rebuilt, size: int) -> int:
    """On how many training samples `costs` takes the cost: on large data, as many as take about `WORK`."""
    return min(len(run.dataset.train.y), max(64, int(WORK / (size**2 * run.model.n_parameters))))


def costs(run: Rebuilt, of: Plane, where: Extent, size: int) -> Array:
    """The training cost J (size, size) on a rectangle of a plane, on `sample_size` training samples."""
    part = sample(run.dataset.train, sample_size(run, size))
    dtype = run.parameters.dtype
    penalty = with_numbers(penalty_of(run.config["model"]), run.model, run.dataset.train)
    objective = Objective(run.model, run.model.prepare(part, dtype), penalty)
    first, second = np.linspace(where.left, where.right, size), np.linspace(where.bottom, where.top, size)
    with np.errstate(all="ignore"):
        rows = [
            objective.evaluate(of.parameters(np.stack([first, np.full(size, y)], axis=1)).astype(dtype)).value
            for y in second
        ]
    return np.stack(rows)
