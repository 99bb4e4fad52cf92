"""Which optimizers are shown to differ: every pair of a problem, with a verdict."""

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from optlab.analysis.comparison.judgement import ROUNDED, Judgement
from optlab.core.arrays import Array

MARGIN = 1.05  # ratio within which methods count as equivalent
MARGIN_SHARE = 0.005  # difference between accuracies for the same
BETTER, WORSE, EQUIVALENT, EQUAL = "better", "worse", "equivalent", "equal to rounding"
UNDECIDED, UNTESTED = "not shown to differ", "not tested"
COLUMNS = ["problem", "first", "second", "seeds", "scale", "contrast", "low", "high", "test", "p", "least_p",
           "verdict"]  # fmt: skip


def comparisons(judgements: Mapping[str, Judgement], margin: float = MARGIN) -> pd.DataFrame:
    """One row per problem and pair of optimizers, the one ahead in rank first.

    Args:
        judgements: see `judgement.judge`, by problem.
        margin: the ratio within which two methods count as equivalent.

    Returns:
        ``problem first second seeds scale contrast low high test p least_p verdict``. `contrast` compares
        the means over the common seeds: how many times as high the second is as the first where `scale` is
        ``ratio``, by how much it is higher where that is ``difference``; `low` and `high` are its interval,
        at the level of the test of the pair. `p` is adjusted for all pairs of the problem, and the least
        that an exact test could have given is `least_p`. `verdict` is of the first optimizer: ``better``,
        ``equal to rounding`` on every seed, ``equivalent`` if the interval lies within the margin, ``not
        shown to differ``, or ``not tested`` with fewer than three seeds.
    """
    rows = [(problem, *row) for problem, judged in judgements.items() for row in _rows(judged, margin)]
    return pd.DataFrame(rows, columns=COLUMNS)


def against(pairs: pd.DataFrame, problem: str, optimizer: str) -> dict[str, str]:
    """What `optimizer` is compared with each of the others: verdict by name."""
    mirrored = {BETTER: WORSE, WORSE: BETTER}
    part = pairs[pairs["problem"] == problem]
    own = part[part["first"] == optimizer]
    verdicts = dict(zip(own["second"], own["verdict"], strict=True))
    other = part[part["second"] == optimizer]
    return verdicts | {n: mirrored.get(v, v) for n, v in zip(other["first"], other["verdict"], strict=True)}


def verdicts(judged: Judgement, margin: float = MARGIN) -> Array:
    """(K, K) the verdict on each pair."""
    _, low, high = contrasts(judged)
    if judged.layout.scale == "ratio":
        within = (low > 1 / margin) & (high < margin)
    else:
        within = judged.layout.is_share & (low > -MARGIN_SHARE) & (high < MARGIN_SHARE)
    return np.select(
        [judged.equal, judged.shown, judged.test == "", within & judged.complete],
        [EQUAL, BETTER, UNTESTED, EQUIVALENT],
        UNDECIDED,
    ).astype(object)


def contrasts(judged: Judgement) -> tuple[Array, Array, Array]:
    """(K, K) ratios of the second to the first, or differences in the units of the metric, and intervals."""
    pairs, ratio = judged.spread, judged.layout.scale == "ratio"
    mean = np.where(pairs.seeds > 0, pairs.mean, np.nan)
    ends = (mean, mean - judged.half_width, mean + judged.half_width)
    with np.errstate(over="ignore"):
        middle, low, high = (np.exp(end) if ratio else judged.layout.sign * end + 0.0 for end in ends)
    return middle, np.minimum(low, high), np.maximum(low, high)


def _rows(judged: Judgement, margin: float) -> list[tuple[object, ...]]:
    names, layout, seeds = judged.names, judged.layout, judged.spread.seeds
    columns = (*contrasts(judged), np.where(judged.equal, ROUNDED, judged.test), judged.p, judged.least_p)
    verdict = verdicts(judged, margin)
    rows = [
        (names[i], names[j], seeds[i, j], layout.scale, *(c[i, j] for c in columns), verdict[i, j])
        for i, j in combinations(range(len(names)), 2)
    ]
    common = dict.fromkeys(names, len(layout.values)) | layout.excluded
    few = (layout.scale, np.nan, np.nan, np.nan, "", np.nan, np.nan, UNTESTED)
    untested = [pair for pair in combinations(common, 2) if pair[1] in layout.excluded]
    return [*rows, *((a, b, min(common[a], common[b]), *few) for a, b in untested)]
