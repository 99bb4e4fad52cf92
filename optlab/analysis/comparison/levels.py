"""Targets: costs that are to be reached, shares of the initial gap or levels that optimizers did reach."""

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from optlab.core.arrays import Array

TARGET_FRACTIONS = (1e-1, 1e-2, 1e-4, 1e-6, 1e-8)  # of the initial gap J(w0) - J*
LEVELS = 5  # fixed costs, evenly on the logarithm between the initial and the last


def fixed(costs: Iterable[float]) -> dict[str, float]:
    """Costs by their names, the easiest first."""
    return {f"cost {cost:.12g}": float(cost) for cost in sorted(costs, reverse=True)}


def shares(first: Array, optimum: Array) -> list[dict[str, float]]:
    """For every run, `TARGET_FRACTIONS` of the gap between its first cost and the minimum."""
    return [
        {f"{share:g} of the initial gap": o + share * (cost - o) for share in TARGET_FRACTIONS}
        for o, cost in zip(optimum, first, strict=True)
    ]


def reachable(first: float, least: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Levels between the initial cost and one that more than half of the runs of the best optimizer reached.

    Rounded upwards, so that they stay within reach; none where nobody came below the initial cost.

    Args:
        first: the initial cost.
        least: by optimizer, the least cost of each of its runs; NaN or ∞ of a run without one.
    """
    last = min(_upper_median(costs) for costs in least.values())
    if not last < first:
        return {}
    spaced = np.geomspace if last > 0 else np.linspace
    levels = spaced(first, last, LEVELS + 1)[1:]
    digits = max(
        3, math.ceil(-math.log10(min(1.0, (first - last) / LEVELS / max(abs(first), abs(last))))) + 2
    )
    rounded = (_round_up(float(level), digits) for level in levels)
    return fixed({level for level in rounded if level < first})


def _upper_median(costs: Sequence[float]) -> float:
    """What more than half of the runs have reached."""
    return sorted(cost if np.isfinite(cost) else np.inf for cost in costs)[len(costs) // 2]


def _round_up(value: float, digits: int) -> float:
    """The least number of so many significant digits that is not below `value`."""
    if value == 0:
        return 0.0
    places = digits - 1 - math.floor(math.log10(abs(value)))
    nearest = round(value, places)
    return nearest if nearest >= value else round(nearest + 10.0**-places, places)
