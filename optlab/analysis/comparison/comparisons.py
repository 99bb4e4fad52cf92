"""Which optimizers can be told apart: every pair, on the seeds that both have seen."""

from itertools import combinations

import numpy as np
import pandas as pd

from optlab.analysis.problem.outcomes import higher_is_better, outcomes
from optlab.analysis.statistics import (
    LEVEL,
    holm,
    median_interval,
    paired_differences,
    paired_test,
    rank_biserial,
)

NEGLIGIBLE = 1e-3  # medians that differ by less than this share are the same in practice
COLUMNS = [
    "problem", "first", "second", "seeds", "difference", "low", "high", "test", "p", "p_holm", "effect",
    "verdict",
]  # fmt: skip


def comparisons(chosen: pd.DataFrame, metric: str) -> pd.DataFrame:
    """One row per problem and pair of optimizers, of the chosen runs on common repetitions.

    Returns:
        ``problem first second seeds difference low high test p p_holm effect verdict``. `difference` is the
        median over the seeds of first minus second, `low` and `high` its 95 % interval; `p_holm` is
        adjusted for all pairs of the problem; `effect` is the rank-biserial correlation; `verdict` is
        ``better`` or ``worse`` (the first optimizer), ``same`` (a difference below 0.1 %),
        ``not distinguishable`` or ``not tested`` (fewer than two common seeds).
    """
    graded = chosen.assign(value=outcomes(chosen, metric))
    parts = []
    for problem, part in graded.groupby("problem", sort=False):
        values = part.groupby(["repetition", "optimizer"])["value"].median().unstack()
        pairs = list(combinations(values, 2))
        rows = [_compared(values[list(pair)].dropna().to_numpy(float), len(pairs)) for pair in pairs]
        table = pd.DataFrame(rows, columns=[*COLUMNS[3:9], "effect", "scale", "largest"])
        table[["first", "second"]] = pd.DataFrame(pairs, columns=["first", "second"])
        table["p_holm"] = holm(table["p"].to_numpy(float))
        table["verdict"] = [_verdict(row, higher_is_better(metric)) for _, row in table.iterrows()]
        parts.append(table.assign(problem=problem)[COLUMNS])
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)


def _compared(values: np.ndarray, n_pairs: int) -> tuple:
    """Values (n, 2) of two optimizers on the same repetitions."""
    differences = paired_differences(values)
    if not len(differences):
        return 0, np.nan, np.nan, np.nan, "no common seed", np.nan, np.nan, np.nan, np.nan
    p, test = paired_test(values, n_pairs)
    scale = np.abs(np.median(values, axis=0)).min()
    with np.errstate(invalid="ignore"):
        middle, interval = float(np.median(differences)), median_interval(differences)
    return (
        len(differences),
        middle,
        *interval,
        test,
        p,
        rank_biserial(differences),
        scale,
        np.abs(differences).max(),
    )


def _verdict(row: pd.Series, higher: bool) -> str:
    if np.isnan(row["p"]):
        return "same" if row["difference"] == 0 and row["seeds"] else "not tested"
    negligible = NEGLIGIBLE * row["scale"] if np.isfinite(row["scale"]) else 0.0
    if row["largest"] <= negligible:
        return "same"
    if row["p_holm"] > LEVEL:
        return "not distinguishable"
    if abs(row["difference"]) <= negligible:
        return "same"
    return "better" if (row["difference"] > 0) == higher else "worse"


def against(pairs: pd.DataFrame, problem: str, optimizer: str) -> dict[str, str]:
    """What `optimizer` is compared with each of the others: verdict by name."""
    mirrored = {"better": "worse", "worse": "better"}
    part = pairs[pairs["problem"] == problem]
    own = part[part["first"] == optimizer]
    verdicts = dict(zip(own["second"], own["verdict"], strict=True))
    other = part[part["second"] == optimizer]
    return verdicts | {n: mirrored.get(v, v) for n, v in zip(other["first"], other["verdict"], strict=True)}
