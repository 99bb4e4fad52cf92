"""Proximal steps: what a rule does about the part of the penalty that is not smooth.

J = f + h, f smooth and h the terms of the penalty that are not: a step on f is followed by the proximal
operator of h.

    prox(u, a) = the v that minimises h(v) + ||v - u||^2 / (2 a)
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from optlab.core.arrays import Array, row_dot
from optlab.objective.oracle import Oracle
from optlab.optimizers.linesearch import MAX_HALVINGS, SLOPE_ROUNDING, in_doubt
from optlab.optimizers.rule import Rule, State


def proximal(rule: Rule, lr: Any) -> Rule:
    """The rule with the proximal operator of h, for a step of length lr, after every step."""

    def update(w: Array, state: State, objective: Oracle) -> tuple[Array, State]:
        w, state = rule.update(w, state, objective)
        return objective.prox(w, lr), state

    return Rule(rule.init, update)


def backtracking_on_path(
    objective: Oracle,
    w: Array,
    value: Array,
    gradient: Array,
    first: Array,
    armijo: float | Array,
    hope: Array,
    path: Callable[[Array, Array], Array],
    predicted: Callable[[Array, Array, Array], Array],
) -> tuple[Array, Array]:
    """The first point of w(first), w(first / 2), w(first / 4), ... where J is lower by enough.

    Args:
        value, gradient: J(w) (R,) and the gradient (R, P) of its smooth part.
        first: step length tried first, (R, 1).
        path: positions of runs and their step lengths (R, 1) -> the points w(a) (R, P).
        armijo: share of the predicted decrease that is asked for, a number or (R, 1).
        hope: the decrease (R,) that slopes at w predict for the first step length; where it is rounding, no
            step is tried.
        predicted: positions, points and step lengths -> the decrease that is predicted (R,).

    Returns:
        The points (R, P) and their step lengths (R, 1); w and 0 where none of the 40 halvings is enough, or
        there is nothing to gain.

    Where values are equal to rounding, the decrease of f is judged by slopes, as in `linesearch.decrease`.
    """
    end, taken, step = w.copy(), np.zeros_like(first), first.copy()
    share = np.broadcast_to(np.ravel(armijo), len(w))
    least = (SLOPE_ROUNDING * np.finfo(w.dtype).eps) ** 2 * np.abs(value)
    searching = np.flatnonzero(hope > least)
    for _ in range(MAX_HALVINGS):
        if len(searching) == 0:
            break
        i = searching
        trial = path(i, step[i])
        gain = _gain(objective.select_runs(i), w[i], trial, value[i], gradient[i])
        wanted = predicted(i, trial, step[i])
        accepted = (wanted > 0) & (gain >= share[i] * wanted)
        end[i[accepted]], taken[i[accepted]] = trial[accepted], step[i[accepted]]
        searching = i[~accepted]
        step[searching] /= 2
    return end, taken


def _gain(objective: Oracle, w: Array, trial: Array, value: Array, gradient: Array) -> Array:
    """J(w) - J(trial) (R,), by the slopes of f where the values are equal to rounding."""
    gain = value - objective.value(trial)
    unclear = np.flatnonzero(in_doubt(gain, value, w.dtype))
    if len(unclear):
        own, before, after = objective.select_runs(unclear), w[unclear], trial[unclear]
        slopes = gradient[unclear] + own.value_and_gradient(after)[1]
        of_f = row_dot(slopes, before - after)[:, 0] / 2
        gain[unclear] = of_f + own.rough_value(before) - own.rough_value(after)
    return gain
