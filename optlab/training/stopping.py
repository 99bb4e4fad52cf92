"""When a run ends before its budget."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.options import Count, NonNegative, Positive

STATUSES = ("completed", "converged", "stalled", "worse", "early_stopped", "diverged", "timed_out")
"""How a run may end."""

DIVERGED = 1e6
"""A cost above so many times the initial cost counts as diverged."""

STALLED_STEPS = 10
"""So many last steps that change neither cost nor gradient count as stalled; a trust region that is too wide
is a million times narrower after as many."""

WORSE = 1.01
"""A run whose cost ends above so many times the initial cost is worse than no training; mini-batches and
rounding may leave a run that begins near the minimum a little above its start."""


class Standing(NamedTuple):
    """Where R runs stand at a recorded point."""

    cost: Array  # (R,) training cost
    previous_cost: Array  # (R,) at the recorded point before; NaN at the first
    initial_cost: Array  # (R,) the first that is not 0
    grad_norm: Array  # (R,) NaN where it is not known
    points_since_best: Array  # (R,) recorded points since the validation cost was least
    seconds: float


@dataclass(frozen=True)
class StopRules:
    """When a run ends before its budget; None switches a rule off."""

    tolerance: NonNegative | None = None
    grad_tolerance: NonNegative | None = None
    patience: Count | None = None
    max_seconds: Positive | None = None

    def stalled(self, step: Array, cost: Array, grad_norm: Array, dtype: np.dtype) -> bool:
        """Whether a run that has not diverged stood still at its end, and not at a minimum.

        It stands still where no step since the first, or none of the last 10, has changed a bit of cost or
        gradient: the line search accepts nothing, or the rate is too small. At a minimum to rounding the
        gradient has fallen to the root of eps of its largest, or to `grad_tolerance`.

        Args:
            step, cost, grad_norm: the recorded points of a run (T,); the norm is NaN where it is not known.
            dtype: of the parameters.
        """
        if step[-1] == 0 or np.isnan(grad_norm[-1]):
            return False
        changes = np.flatnonzero((cost != cost[-1]) | (grad_norm != grad_norm[-1]))
        since = changes[-1] + 1 if len(changes) else 0
        if since > 0 and step[-1] - step[since] < STALLED_STEPS:
            return False
        small = np.sqrt(np.finfo(dtype).eps) * np.nanmax(grad_norm, initial=0.0)
        is_minimum = grad_norm[-1] <= small or grad_norm[-1] < (self.grad_tolerance or 0.0)
        return bool(np.isinf(grad_norm[-1]) or not is_minimum)

    def statuses(self, runs: Standing) -> dict[int, str]:
        """Position and status of the runs that end, by the strongest rule that ends them."""
        rules = [("diverged", ~np.isfinite(runs.cost) | (runs.cost > DIVERGED * runs.initial_cost))]
        if self.tolerance is not None:
            rules.append(("converged", np.abs(runs.cost - runs.previous_cost) < self.tolerance))
        if self.grad_tolerance is not None:
            rules.append(("converged", runs.grad_norm < self.grad_tolerance))
        if self.patience is not None:
            rules.append(("early_stopped", runs.points_since_best >= self.patience))
        if self.max_seconds is not None:
            rules.append(("timed_out", np.full(len(runs.cost), runs.seconds >= self.max_seconds)))
        statuses: dict[int, str] = {}
        for status, ends in reversed(rules):  # the strongest has the last word
            if ends.any():
                statuses |= dict.fromkeys(np.flatnonzero(ends).tolist(), status)
        return statuses
