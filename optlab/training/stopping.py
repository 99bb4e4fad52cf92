"""When a run ends before its budget."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.options import Count, NonNegative, Positive

DIVERGED = 1e6
"""A cost above so many times the initial cost counts as diverged."""


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
