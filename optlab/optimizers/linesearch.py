"""Line searches of a stack: every run finds a step length of its own."""

import numpy as np

from optlab.arrays import Array
from optlab.objective import Objective

HALVINGS = 40
ROUNDING = 10
"""A cost that is larger by so many units of its last place still counts as no increase."""


def backtracking(
    objective: Objective,
    w: Array,
    direction: Array,
    value: Array,
    slope: Array,
    first: float | Array,
    armijo: float | Array,
) -> Array:
    """First step length of first, first/2, first/4, ... with sufficient decrease (Armijo's condition).

    Args:
        w, direction: parameters and direction of descent (R, P).
        value, slope: J(w) and the derivative of J along the direction (R,).
        first: step length tried first, a number or (R, 1).
        armijo: share of the decrease predicted by the slope that is asked for, a number or (R, 1).

    Returns:
        Step lengths (R,); 0 where none of the 40 halvings is enough, or the direction is not finite.

    Reference: Nocedal and Wright, Numerical Optimization, 2nd ed. 2006, algorithm 3.1.
    """
    step = np.broadcast_to(np.ravel(first), value.shape).astype(w.dtype)
    enough = np.broadcast_to(np.ravel(armijo), value.shape)
    slack = ROUNDING * np.finfo(w.dtype).eps * np.abs(value)
    searching = np.flatnonzero(np.isfinite(slope))
    taken = np.zeros_like(step)
    for _ in range(HALVINGS):
        if len(searching) == 0:
            break
        trial = w[searching] + step[searching, None] * direction[searching]
        bound = value[searching] + enough[searching] * step[searching] * slope[searching] + slack[searching]
        accepted = objective.rows(searching).value(trial) <= bound
        taken[searching[accepted]] = step[searching[accepted]]
        searching = searching[~accepted]
        step[searching] /= 2
    return taken
