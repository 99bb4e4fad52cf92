"""Paths of runs on a common grid of records, so that recording more often changes no score.

Between two records the logarithm of the height is taken to fall evenly along the axis: of the gap J - J*
where J* is known, else of the cost. The runs of a problem that were recorded unlike are read on the coarsest
common grid: each of its points is the first at which all runs that go on have a record after the point
before. A run that was recorded at every step has no finer records, and does not make the grid coarser.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array

MIN_POINTS = 10
MAX_LOSS = 20
"""Runs are not comparable where the common grid leaves one of them fewer than MIN_POINTS records, and fewer
than one in MAX_LOSS of its own."""


class Path(NamedTuple):
    """The records of a run, in order; all (T,)."""

    step: Array
    epoch: Array
    position: Array  # on the axis of cost
    cost: Array

    @property
    def is_complete(self) -> bool:
        """Whether every step was recorded."""
        return bool((np.diff(self.step) <= 1).all())


def comparable(paths: Sequence[Path]) -> bool:
    """Whether the records of the runs of a problem are alike enough to compare when targets were reached."""
    grid = common_grid(paths)
    if grid is None:
        return True
    counts = [(np.count_nonzero(grid < path.epoch[-1]) + 1, len(path.epoch)) for path in paths]
    return all(left >= MIN_POINTS or own <= MAX_LOSS * left for left, own in counts)


def on_common_grid(paths: Sequence[Path], floors: Sequence[float]) -> list[Path]:
    """The runs of a problem as if they had been recorded on their coarsest common grid, and where they end.

    Args:
        paths: the runs.
        floors: what heights are measured from, J* or 0, of every run.
    """
    grid = common_grid(paths)
    if grid is None:
        return list(paths)
    return [_read(path, grid, floor) for path, floor in zip(paths, floors, strict=True)]


def common_grid(paths: Sequence[Path]) -> Array | None:
    """Epochs of the coarsest common grid; None: every run was recorded at every step."""
    grids: list[Array] = []
    for grid in sorted((path.epoch for path in paths if not path.is_complete), key=len, reverse=True):
        if not any(np.array_equal(grid, longer[: len(grid)]) for longer in grids):
            grids.append(grid)
    if not grids:
        return None
    points = [min(grid[0] for grid in grids)]
    while ahead := [grid for grid in grids if grid[-1] > points[-1]]:
        points.append(max(grid[np.searchsorted(grid, points[-1], side="right")] for grid in ahead))
    return np.array(points)


def alike(first: Path, second: Path) -> bool:
    """Whether two runs have the same records while both go on, or all that there are."""
    if first.is_complete and second.is_complete:
        return True
    n = min(len(first.epoch), len(second.epoch)) - 1  # the last record is where a run ended
    return bool(np.allclose(first.epoch[:n], second.epoch[:n], rtol=0.05))


def time_of(path: Path, target: float, floor: float) -> float:
    """Where on the axis a run first was at a cost of `target` or below, between records too; ∞: never."""
    reached = np.flatnonzero(path.cost <= target)
    if not len(reached):
        return np.inf
    i = reached[0]
    if i == 0:
        return float(path.position[0])
    before, after = path.cost[i - 1] - floor, path.cost[i] - floor
    share = _share(before, after, target - floor)
    return float(path.position[i - 1] + share * (path.position[i] - path.position[i - 1]))


def _share(before: float, after: float, target: float) -> float:
    """The part of the way between two heights at which the target, which lies between them, is met."""
    if not np.isfinite(before):
        return 1.0
    if after > 0:
        return float(np.log(before / target) / np.log(before / after))
    return float((before - target) / (before - after))


def _read(path: Path, grid: Array, floor: float) -> Path:
    """A run at the points of the grid that it reached, and at its end."""
    epochs = np.append(grid[grid < path.epoch[-1]], path.epoch[-1])
    rows = np.searchsorted(path.epoch, epochs)
    if np.array_equal(path.epoch[rows], epochs):
        return Path(*(column[rows] for column in path))
    step, position = (np.interp(epochs, path.epoch, column) for column in (path.step, path.position))
    before = np.maximum(rows - 1, 0)
    width = path.epoch[rows] - path.epoch[before]
    share = np.divide(epochs - path.epoch[before], width, out=np.ones_like(epochs), where=width > 0)
    first, last = path.cost[before] - floor, path.cost[rows] - floor
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        line = np.where(
            (first > 0) & (last > 0), first ** (1 - share) * last**share, (1 - share) * first + share * last
        )
    exact = (share == 1) | ~np.isfinite(line)
    return Path(step, epochs, position, np.where(exact, path.cost[rows], floor + line))
