"""Disjoint seeds: a setting is chosen on some and judged on the others.

The best of many settings has been lucky on the seeds it was chosen on. On other seeds its luck is gone, and
what is left is what it is worth.
"""

from collections.abc import Iterable

import pandas as pd

from optlab.runs.schema import split_seeds

MIN_DIVISIBLE = 4  # seeds
GROUP = ["problem", "optimizer"]


def with_roles(
    runs: pd.DataFrame, tuning: Iterable[int] | None = None, evaluation: Iterable[int] | None = None
) -> pd.DataFrame:
    """`runs` with the columns `tunes` and `evaluates`: what each run is used for.

    By default the first half of a problem's seeds tunes and the second half evaluates. Every run is used for
    both where there are fewer than four seeds, where no optimizer of the problem has a choice of settings,
    and for an optimizer without a setting that was run on seeds of both kinds.

    Args:
        runs: with their problem and setting.
        tuning, evaluation: the seeds; if one is missing, the seeds not in the other.

    Raises:
        UserError: the seeds overlap, or were not run.
    """
    user_seeds = split_seeds(runs["seed"], tuning, evaluation)
    tunes = pd.Series(False, index=runs.index)
    evaluates = tunes.copy()
    for _, part in runs.groupby("problem", sort=False):
        seeds = sorted(part["seed"].unique())
        purposes = user_seeds or (seeds[: len(seeds) // 2], seeds[len(seeds) // 2 :])
        choice = part.groupby("optimizer")["setting"].nunique().max() > 1
        separate = bool(user_seeds) or (len(seeds) >= MIN_DIVISIBLE and choice)
        tunes[part.index] = part["seed"].isin(purposes[0]) if separate else True
        evaluates[part.index] = part["seed"].isin(purposes[1]) if separate else True
    roles = runs.assign(tunes=tunes, evaluates=evaluates)
    both = roles.groupby([*GROUP, "setting"])[["tunes", "evaluates"]].transform("any").all(axis=1)
    undivided = ~both.groupby([runs[name] for name in GROUP]).transform("any")
    return roles.assign(tunes=tunes | undivided, evaluates=evaluates | undivided)


def divided(runs: pd.DataFrame) -> pd.Series:
    """For every problem, whether settings were chosen on other seeds than they are judged on."""
    return (~(runs["tunes"] & runs["evaluates"])).groupby(runs["problem"]).any()
