"""The final costs of runs that were trained again: a report's tables rest on them, not on the first steps.

Where bits cannot agree (other versions, another machine, another stack), rounding grows from step to step,
fast at large rates and in networks. How far the ends have come apart is told, and how far medians have.
"""

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

import numpy as np


class FinalCost(NamedTuple):
    """The last recorded training cost of a run."""

    run_id: str
    setting: str  # its optimizer and rate
    steps: int
    before: float  # in the folder
    now: float
    rounding: float  # relative difference that rounding explains without growing

    @property
    def distance(self) -> float:
        """Relative difference; 0 where neither is a number, as of a diverged run."""
        if self.before == self.now or not (np.isfinite(self.before) or np.isfinite(self.now)):
            return 0.0
        return relative(self.before, self.now)


def relative(before: float, now: float) -> float:
    """|now - before| / |before|; ∞ where one of them is no finite number, or the first is 0."""
    if not (np.isfinite(before) and np.isfinite(now)) or before == 0:
        return np.inf
    return abs(now - before) / abs(before)


def sentences(costs: Sequence[FinalCost]) -> list[str]:
    """Which final costs differ by more than rounding, and by how much; empty if none does."""
    apart = [cost for cost in costs if cost.distance > cost.rounding]
    if not apart:
        return []
    worst = max(apart, key=lambda cost: cost.distance)
    lines = [
        f"final training costs of {len(apart)} of {len(costs)} runs differ by more than rounding, at most by "
        f"{_share(worst.distance)}: run {worst.run_id} ({worst.setting}) ends with {worst.before:.6g} in the "
        f"folder and with {worst.now:.6g} after {worst.steps:,} steps now"
    ]
    groups: dict[str, list[FinalCost]] = {}
    for cost in costs:
        groups.setdefault(cost.setting, []).append(cost)
    medians = {
        name: (median(cost.before for cost in group), median(cost.now for cost in group))
        for name, group in groups.items()
    }
    name = max(medians, key=lambda name: relative(*medians[name]) if np.isfinite(medians[name]).all() else 0)
    before, now = medians[name]
    lines.append(
        f"numbers that rest on them may differ: the median of {name} moves most, by "
        f"{_share(relative(before, now))}, from {before:.6g} to {now:.6g}"
    )
    return lines


def _share(value: float) -> str:
    return f"{100 * value:.2g} %" if np.isfinite(value) else "all of it"
