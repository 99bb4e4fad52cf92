"""The standing of every optimizer on every problem: its rank, and who leads."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from optlab.analysis.comparison.comparisons import UNTESTED, contrasts, verdicts
from optlab.analysis.comparison.judgement import Judgement

FEW_SEEDS, DIVERGED = "few seeds", "diverged"
COLUMNS = ["problem", "optimizer", "rank", "tied", "apart", "verdict", "quantity", "scale", "centre",
           "at_rounding", "contrast", "common_seeds", "diverged_seeds"]  # fmt: skip


def standings(judgements: Mapping[str, Judgement]) -> pd.DataFrame:
    """One row per problem and optimizer, in the order of the ranks.

    Args:
        judgements: see `judgement.judge`, by problem.

    Returns:
        ``problem optimizer rank tied apart verdict quantity scale centre at_rounding contrast common_seeds
        diverged_seeds``. `centre` is what ranks: the mean of `quantity` (the gap where J* is known) over the
        common seeds, of logarithms (so the geometric mean) where `scale` is ``ratio``; of a method
        `at_rounding` of J on every seed it is only known to be at most that. Methods that are equal to
        rounding share a rank. `tied` are the leaders: those that are not shown to be worse than the first,
        which are neighbours in rank. A method that cannot be ranked has the rank NaN, and `apart` says why:
        ``few seeds`` in common with the others, or ``diverged`` on so many that too few are left. `verdict`
        and `contrast` compare it with the first, as in `comparisons`: ``worse``, ``not shown to differ``,
        ...; empty for the first.
    """
    rows = [(problem, *row) for problem, judged in judgements.items() for row in _rows(judged)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _rows(judged: Judgement) -> list[tuple[object, ...]]:
    layout, shown, seeds = judged.layout, judged.shown, len(judged.layout.values)
    with np.errstate(over="ignore"):
        centre = np.exp(judged.centre) if layout.scale == "ratio" else layout.sign * judged.centre
    at_rounding = layout.at_rounding[judged.order]
    rows: list[tuple[object, ...]] = []
    rank = 0
    for place, name in enumerate(judged.names):
        if not (place and judged.equal[place - 1, place]):
            rank = place + 1
        ranked = place < judged.placed
        verdict = verdicts(judged)[0, place].replace("better", "worse") if place else ""
        contrast = contrasts(judged)[0][0, place] if place else np.nan
        standing = (float(rank), not shown[0, place], "") if ranked else (np.nan, False, DIVERGED)
        values = (verdict, layout.quantity, layout.scale, centre[place], at_rounding[place], contrast)
        rows.append((name, *standing, *values, seeds, int(judged.counts[place])))
    few = (np.nan, False, FEW_SEEDS, UNTESTED, layout.quantity, layout.scale, np.nan, False, np.nan)
    return [*rows, *((name, *few, seeds, 0) for name, seeds in layout.excluded.items())]
