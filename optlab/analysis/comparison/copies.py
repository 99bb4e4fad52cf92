"""Optimizers that take the same path: one method under two names."""

import numpy as np
import pandas as pd

from optlab.core.arrays import Array

SAME = 1e-9
"""Relative difference of costs that rounding may cause."""

MIN_RECORDS = 4
"""Shorter paths are alike where methods need a step or two to the minimum."""


def copies(chosen: pd.DataFrame, trajectories: pd.DataFrame) -> pd.DataFrame:
    """Groups of optimizers whose costs agree to nine digits at all records, on every seed in common.

    Args:
        chosen: runs at the setting of their optimizer, with `problem` and `repetition`.
        trajectories: their records.

    Returns:
        ``problem optimizers``, the optimizers of a group as a tuple.
    """
    own = trajectories[trajectories["run_id"].isin(chosen["run_id"])]
    paths = {run: part.to_numpy(float) for run, part in own.groupby("run_id")["train_cost"]}
    rows = []
    for problem, part in chosen.groupby("problem", sort=False):
        runs = part.pivot_table(index="repetition", columns="optimizer", values="run_id", aggfunc="first")
        groups: dict[str, list[str]] = {}
        for name in runs:
            first = next((own for own in groups if _same(runs[[own, name]].dropna(), paths)), str(name))
            groups.setdefault(first, []).append(str(name))
        rows += [(problem, tuple(names)) for names in groups.values() if len(names) > 1]
    return pd.DataFrame(rows, columns=["problem", "optimizers"])


def _same(pairs: pd.DataFrame, paths: dict[str, Array]) -> bool:
    """Whether the two runs of every row took the same path, and one that goes anywhere."""
    both = [(paths.get(a, np.empty(0)), paths.get(b, np.empty(0))) for a, b in pairs.to_numpy()]
    return bool(both) and all(
        len(a) == len(b) >= MIN_RECORDS and a[0] != a[1] and np.allclose(a, b, SAME, 0, equal_nan=True)
        for a, b in both
    )
