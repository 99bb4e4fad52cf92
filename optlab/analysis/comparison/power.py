"""What the seeds at hand could have shown, and how many would decide.

The multiple range test shows a difference δ between two of m methods, in units of the standard error
s √(2 / n), with the probability that a normal variable Z exceeds what the test asks for:

    P(Z + δ > max(c √max(s_pair², s²), t √((s_a² + s_b²) / 2)))

where the estimated variances, of true value 1, are means of independent χ² / (n - 1): u of the differences of
the pair, w of its sum, v of the m - 3 other contrasts. c is that of the widest range, so that the power is at
least as large, wherever the other methods lie.
"""

from collections.abc import Mapping
from functools import cache

import numpy as np
import pandas as pd

from optlab.analysis.comparison.judgement import Judgement
from optlab.analysis.comparison.ranges import GUARD, GUARD_WIDE, LEAST, sizes
from optlab.analysis.comparison.studentized_range import critical
from optlab.analysis.statistics import LEVEL
from optlab.core.arrays import Array

POWER = 0.8
MANY = 1000  # seeds that are not counted any further
NODES = 24
COLUMNS = ["problem", "seeds", "methods", "scale", "deviation", "detectable", "first", "second", "contrast",
           "seeds_needed"]  # fmt: skip


def powers(judgements: Mapping[str, Judgement]) -> pd.DataFrame:
    """One row per problem on which methods are compared that vary with the seed.

    Args:
        judgements: see `judgement.judge`, by problem.

    Returns:
        ``problem seeds methods scale deviation detectable first second contrast seeds_needed``. `deviation`
        is the pooled standard deviation of one method's residual, in logarithms where `scale` is ``ratio``;
        `detectable` is the least ratio (or difference) that so many seeds show with a probability of 80 %.
        `second` is the next that is not equal to the first to rounding, `contrast` how far it is behind, and
        `seeds_needed` how many seeds would show that.
    """
    rows = [(problem, *row) for problem, judged in judgements.items() if (row := _row(judged))]
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(judged: Judgement) -> tuple[object, ...]:
    random, spread = judged.layout.random[judged.order], judged.spread
    m, n = int(sizes(random)[1]), len(judged.layout.values)
    others = [j for j in range(1, judged.placed) if not judged.equal[0, j]]
    if not random.any() or not others or n < LEAST:
        return ()
    second = others[0]
    own = float(spread.error[0, second] * np.sqrt(spread.seeds[0, second] / 2))  # the larger of two
    deviation = float(spread.deviation) or own
    distance = float(spread.mean[0, second])
    least, ratio = detectable(n, m) * deviation, judged.layout.scale == "ratio"
    needed = seeds_needed(distance / own, m) if own else np.nan
    contrast = np.exp if ratio else float
    return (n, m, judged.layout.scale, deviation, contrast(least), judged.names[0], judged.names[second],
            contrast(distance), needed)  # fmt: skip


def power(delta: float, n: int, m: int) -> float:
    """Probability that a difference of `delta` residual standard deviations is shown.

    Args:
        delta: the difference of two means, over the standard deviation of one method's residual.
        n: seeds.
        m: methods that are compared.
    """
    from scipy.special import ndtr

    asked, weight = _asked(n, m)
    return float((ndtr(delta * np.sqrt(n / 2) - asked) * weight).sum())


def detectable(n: int, m: int) -> float:
    """The least difference, in residual standard deviations, that is shown with a probability of 80 %.

    By simulation the probability is within 5 points of that: Welch's degrees of freedom stand for their mean.
    """
    if n < LEAST:
        return np.inf
    low, high = 0.0, 1e3
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if power(middle, n, m) < POWER else (low, middle)
    return high


def seeds_needed(delta: float, m: int) -> float:
    """The least number of seeds that show a difference of `delta` with a probability of 80 %.

    ∞ above 1,000.
    """
    if not delta > 0 or power(delta, MANY, m) < POWER:
        return np.inf
    low, high = LEAST - 1, MANY
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if power(delta, middle, m) < POWER else (low, middle)
    return high


@cache
def _asked(n: int, m: int) -> tuple[Array, Array]:
    """What Z + δ must exceed, over the distribution of the variances, and the probabilities of its values."""
    from scipy.special import chdtri, stdtrit

    df, many = n - 1, m > 2
    c = critical(m, (m - 1) * df, LEVEL) / np.sqrt(2)
    t = stdtrit(2 * n - 3.6 if many else df, 1 - (GUARD_WIDE if many else GUARD) / 2)
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    tail, weights = (1 - nodes) / 2, weights / 2
    u = (chdtri(df, tail) / df)[:, None, None]
    w = (chdtri(df, tail) / df)[None, :, None] if many else u
    others = (m - 3) * df
    v = (chdtri(others, tail) / others)[None, None, :] if others > 0 else u
    pooled = (u + w + (m - 3) * v) / (m - 1) if many else u
    asked = np.sqrt(np.maximum(c**2 * np.maximum(pooled, u), t**2 * (u + w) / 2))
    weight = weights[:, None, None] * weights[None, :, None] * weights[None, None, :]
    return np.broadcast_to(asked, weight.shape), weight
