"""Line searches of a stack: every run finds a step length of its own.

phi(a) = J(w + a * direction), of which phi(0) = value and phi'(0) = slope are known: a `Line`.
"""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array, row_dot
from optlab.objective.oracle import Oracle

MAX_HALVINGS = 40
MAX_TRIALS = 20
GROWTH = 4.0

COST_ROUNDING = 1000
"""Units in the last place of a cost up to which a difference from another cost is in doubt.

Measured against 80-bit numbers on seven data sets, alone and in stacks, float64 and float32: a cost is wrong
by at most 97 eps of itself, and by 0.1 eps where it is below 0.001. What is not in doubt is sure to a fifth.
"""

SLOPE_ROUNDING = 10
"""Units in the last place that a slope is wrong by where the gradient is rounding alone."""


def in_doubt(gain: Array, value: Array, dtype: np.dtype) -> Array:
    """Where a difference of costs near `value` may be rounding: up to 1000 eps of it, or up to eps."""
    return np.abs(gain) <= np.finfo(dtype).eps * np.maximum(COST_ROUNDING * np.abs(value), 1)


class Line(NamedTuple):
    """The lines w + a * direction that runs search, and what is known where they begin."""

    objective: Oracle
    w: Array  # (R, P)
    direction: Array  # (R, P)
    value: Array  # (R,) phi(0)
    slope: Array  # (R,) phi'(0)

    def select_runs(self, index: Array) -> "Line":
        """The lines of the runs that `index` selects."""
        return Line(self.objective.select_runs(index), *[column[index] for column in self[1:]])

    def can_descend(self, step: Array) -> Array:
        """Where a step may lead down; not where slopes are exhausted too: the gradient is rounding alone."""
        return -self.slope * step > (SLOPE_ROUNDING * np.finfo(self.w.dtype).eps) ** 2 * np.abs(self.value)


def decrease(objective: Oracle, w: Array, change: Array, value: Array, slope: Array) -> Array:
    """J(w) - J(w + change) (R,), also where both are equal to rounding.

    There the trapezoidal rule takes the place of the difference: -(slope at w + slope at w + change) / 2.
    Near an optimum J is flat: its values are exhausted at half the digits of w, its slopes are not.

    Args:
        change: of the parameters (R, P).
        value, slope: J(w) and the derivative of J at w along the change (R,).

    Reference: Hager and Zhang, A New Conjugate Gradient Method with Guaranteed Descent and an Efficient
    Line Search, 2005, eq. (4.1) and (4.2): the approximate Wolfe conditions.
    """
    return gain_between(value, slope, *objective.value_and_gradient(w + change), change)


def gain_between(value: Array, slope: Array, there: Array, g: Array, change: Array) -> Array:
    """The same, of J `there` (R,) and the gradient g (R, P) that are known at w + change."""
    gain = value - there
    return np.where(in_doubt(gain, value, change.dtype), _decrease_by_slopes(slope, g, change), gain)


def _decrease_by_slopes(slope: Array, g: Array, change: Array) -> Array:
    """The decrease along a change, by the slope where it begins and the gradients g (R, P) where it ends."""
    return -(slope + row_dot(g, change)[:, 0]) / 2


def moved(w: Array, step: Array, direction: Array) -> Array:
    """w + step * direction (R, P) with steps (R,); w where the step is 0, whatever the direction."""
    return np.where(step[:, None] > 0, w + step[:, None] * direction, w)


def backtracking(line: Line, first: float | Array, armijo: float | Array) -> Array:
    """First step length of first, first/2, first/4, ... with sufficient decrease (Armijo's condition).

        phi(a) <= phi(0) + armijo * a * phi'(0)

    Args:
        line: in directions of descent.
        first: step length tried first, a number or (R, 1).
        armijo: share of the decrease predicted by the slope that is asked for, a number or (R, 1).

    Returns:
        Step lengths (R,); 0 where none of the 40 halvings is enough, or there is nothing to gain.

    Reference: Nocedal and Wright, Numerical Optimization, 2nd ed. 2006, algorithm 3.1; where values are
    equal to rounding, decreases are judged by slopes (see `decrease`).
    """
    dtype, n = line.w.dtype, len(line.w)
    step = np.broadcast_to(np.ravel(first), n).astype(dtype)
    enough = -np.broadcast_to(np.ravel(armijo), n) * line.slope
    taken = np.zeros_like(step)
    searching = np.flatnonzero(line.can_descend(step))
    for _ in range(MAX_HALVINGS):
        if len(searching) == 0:
            break
        i = searching
        own = line.select_runs(i)
        change = step[i, None] * own.direction
        gain = own.value - own.objective.value(own.w + change)
        accepted = gain >= step[i] * enough[i]
        unclear = np.flatnonzero(~accepted & in_doubt(gain, own.value, dtype))
        if len(unclear):
            j, own, change = i[unclear], own.select_runs(unclear), change[unclear]
            _, g = own.objective.value_and_gradient(own.w + change)
            accepted[unclear] = _decrease_by_slopes(step[j] * own.slope, g, change) >= step[j] * enough[j]
        taken[i[accepted]] = step[i[accepted]]
        searching = i[~accepted]
        step[searching] /= 2
    return taken


class Point(NamedTuple):
    """phi at step lengths of some runs, each (R,)."""

    step: Array
    gain: Array  # phi(0) - phi(step)
    slope: Array  # phi'(step)

    def select_runs(self, index: Array) -> "Point":
        """The points of the runs that `index` selects."""
        return Point(*[column[index] for column in self])

    def where(self, mask: Array, other: "Point") -> "Point":
        """These points where `mask` is true, else the other ones."""
        return Point(*[np.where(mask, mine, its) for mine, its in zip(self, other, strict=True)])

    def put(self, index: Array, points: "Point") -> None:
        """Replace the points of the runs that `index` selects."""
        for column, values in zip(self, points, strict=True):
            column[index] = values


def strong_wolfe(line: Line, first: float | Array, armijo: float | Array, curvature: float | Array) -> Array:
    """A step length that satisfies the strong Wolfe conditions.

        phi(a) <= phi(0) + armijo * a * phi'(0)   and   |phi'(a)| <= curvature * |phi'(0)|

    A step that is too short is multiplied by 4 until a longer one is known to be too long; then a lies
    between two points, and the minimum of the cubic through their values and slopes is tried.

    Args:
        line: in directions of descent.
        first: step length tried first, a number or (R, 1).
        armijo, curvature: the constants of the conditions, numbers or (R, 1), armijo < curvature.

    Returns:
        Step lengths (R,); where 20 trials were not enough the best step found, 0 if there is none.

    Reference: Nocedal and Wright, Numerical Optimization, 2nd ed. 2006, algorithms 3.5 and 3.6; where values
    are equal to rounding, decreases are judged by slopes (see `decrease`).
    """
    dtype, n = line.w.dtype, len(line.w)
    enough = -np.broadcast_to(np.ravel(armijo), n) * line.slope
    flat = -np.broadcast_to(np.ravel(curvature), n) * line.slope
    step = np.broadcast_to(np.ravel(first), n).astype(dtype)
    low = Point(np.zeros(n), np.zeros(n), line.slope.astype(float))  # the best with sufficient decrease
    high = Point(np.full(n, np.inf), np.full(n, np.nan), np.full(n, np.nan))  # beyond a minimum after low
    searching = np.flatnonzero(line.can_descend(step))
    for _ in range(MAX_TRIALS):
        if len(searching) == 0:
            break
        i = searching
        trial = _trial(line.select_runs(i), step[i])
        below, above = low.select_runs(i), high.select_runs(i)
        long = ~(trial.gain >= trial.step * enough[i]) | ((trial.gain <= below.gain) & (below.step > 0))
        passed = trial.slope * np.where(above.step > below.step, 1, -1) >= 0  # a minimum lies between
        above = trial.where(long, below.where(passed, above))
        below = below.where(long, trial)
        low.put(i, below)
        high.put(i, above)
        more = np.flatnonzero(long | (np.abs(trial.slope) > flat[i]))
        searching, below, above = i[more], below.select_runs(more), above.select_runs(more)
        between = _cubic_minimum(below, above, line.value[searching], dtype)
        step[searching] = np.where(np.isinf(above.step), GROWTH * step[searching], between)
    return low.step.astype(dtype)


def _trial(line: Line, step: Array) -> Point:
    there, g = line.objective.value_and_gradient(line.w + step[:, None] * line.direction)
    gain, end = line.value - there, row_dot(g, line.direction)[:, 0]
    by_slopes = -step * (line.slope + end) / 2
    return Point(step, np.where(in_doubt(gain, line.value, line.w.dtype), by_slopes, gain), end)


def _cubic_minimum(low: Point, high: Point, value: Array, dtype: np.dtype) -> Array:
    """The minimum of the cubic through two points (Nocedal and Wright, eq. 3.59), kept off both ends.

    A gain below eps^0.4 of J has too few digits to place a minimum by: that of the slopes takes its place,
    and the cubic is the parabola through both.
    """
    width = high.step - low.step
    gain, by_slopes = high.gain - low.gain, -width * (low.slope + high.slope) / 2
    gain = np.where(np.abs(gain) <= np.finfo(dtype).eps ** 0.4 * np.abs(value), by_slopes, gain)
    d1 = low.slope + high.slope + 3 * gain / width
    d2 = np.sign(width) * np.sqrt(d1**2 - low.slope * high.slope)
    share = 1 - (high.slope + d2 - d1) / (high.slope - low.slope + 2 * d2)
    share = np.where(np.isfinite(share), share, np.where(np.isfinite(high.gain), 0.5, 0.1))
    return low.step + np.clip(share, 0.1, 0.9) * width
