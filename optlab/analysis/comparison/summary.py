"""The table of the report: what every optimizer reached at its best setting."""

import numpy as np
import pandas as pd

from optlab.analysis.choice.tuning import ranking_value
from optlab.analysis.comparison.comparisons import NEGLIGIBLE, against
from optlab.analysis.problem.outcomes import FINAL, diverged, outcomes
from optlab.analysis.problem.seeds import GROUP
from optlab.analysis.statistics import bands


def summary(
    runs: pd.DataFrame,
    trajectories: pd.DataFrame,
    best: pd.DataFrame,
    chosen: pd.DataFrame,
    comparisons: pd.DataFrame,
    metric: str,
) -> pd.DataFrame:
    """One row per problem and optimizer, ranked by the median of `metric` inside each problem.

    Args:
        runs, trajectories: all of them.
        best: see `tuning.best_settings`.
        chosen: the runs that evaluate these settings, see `tuning.at_best`.
        comparisons: see `comparisons.comparisons`.
        metric: what settings were chosen by.

    Returns:
        ``problem rank optimizer setting lr edge batch settings seeds diverged grid_diverged tied``, then for
        every final cost and accuracy its median, ``_low`` and ``_high``, the interval of that median (see
        `statistics.median_interval`), ``_min`` and ``_max`` over the repetitions, then the medians of
        ``steps epochs gradient_evals seconds``.

        `tied`: not told apart from the first of its problem (see `comparisons`). `grid_diverged`: share of
        all the optimizer's runs.
        `seconds` is NaN unless every run of the problem was trained alone.
    """
    evaluations = trajectories.groupby("run_id")["gradient_evals"].max()
    graded = chosen.assign(gradient_evals=chosen["run_id"].map(evaluations).astype(float))
    finals = tuple(dict.fromkeys((*FINAL, metric)))
    for final in finals:
        graded[final] = outcomes(graded, final)
    graded["seconds"] = graded["seconds"].where(graded["problem"].map(trained_alone(runs)))

    groups = graded.groupby(GROUP, sort=False)
    columns: dict[str, pd.Series] = {}
    for final in finals:
        interval = bands(groups[final])
        columns |= {
            final: groups[final].median(),
            f"{final}_low": interval["low"],
            f"{final}_high": interval["high"],
            f"{final}_min": groups[final].min(),
            f"{final}_max": groups[final].max(),
        }
    for cost in ("steps", "epochs", "gradient_evals", "seconds"):
        columns[cost] = groups[cost].median()
    everything = runs.assign(diverged=diverged(runs)).groupby(GROUP)
    head = best.set_index(GROUP)[["setting", "lr", "edge"]]
    head["batch"] = groups["batch"].first()
    head["settings"] = everything["setting"].nunique()
    head["seeds"] = groups["repetition"].nunique()
    head["diverged"] = diverged(graded).groupby([graded[name] for name in GROUP]).mean()
    head["grid_diverged"] = everything["diverged"].mean()
    return _ranked(head.join(pd.DataFrame(columns)).reset_index(), comparisons, metric)


def trained_alone(runs: pd.DataFrame) -> pd.Series:
    """For every problem, whether each of its runs was a stack of its own: only then are seconds compared."""
    return (runs["stack_size"] == 1).groupby(runs["problem"]).all()


def batches_differ(runs: pd.DataFrame) -> bool:
    """Whether methods on one problem differ in their batches: then their steps are not comparable."""
    return bool(runs.groupby("problem")["batch"].nunique().max() > 1)


def _ranked(table: pd.DataFrame, pairs: pd.DataFrame, metric: str) -> pd.DataFrame:
    order = ["problem", "diverged", "ranking_value", "epochs", "optimizer"]
    ranked = table.assign(ranking_value=ranking_value(table[metric], metric))
    ranked = ranked.sort_values(order, kind="stable", ignore_index=True).drop(columns="ranking_value")
    ties = [tied for _, part in ranked.groupby("problem", sort=False) for tied in _tied(part, pairs, metric)]
    ranked.insert(list(ranked).index("grid_diverged") + 1, "tied", ties)
    ranked.insert(1, "rank", ranked.groupby("problem").cumcount() + 1)
    return ranked


def _tied(part: pd.DataFrame, pairs: pd.DataFrame, metric: str) -> list[bool]:
    """Which rows cannot be told apart from the first of the problem."""
    first = part.iloc[0]
    if not np.isfinite(first[metric]):
        return [True] * len(part)
    verdicts = against(pairs, first["problem"], first["optimizer"])
    apart = part["optimizer"].map(verdicts).isin(["better", "worse"])
    # One seed cannot be tested: what is not the same, is then as it looks.
    close = (part[metric] - first[metric]).abs() <= NEGLIGIBLE * abs(first[metric])
    apart |= (part["optimizer"].map(verdicts) == "not tested") & ~close
    return list(~apart & np.isfinite(part[metric]))
