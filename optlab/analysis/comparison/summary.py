"""The table of the report: what every optimizer reached at its best setting."""

import pandas as pd

from optlab.analysis.choice.tuning import ranking_value
from optlab.analysis.comparison.comparisons import UNTESTED
from optlab.analysis.comparison.spread import ROUNDING
from optlab.analysis.comparison.standings import FEW_SEEDS
from optlab.analysis.problem.outcomes import diverged, outcomes, worse
from optlab.analysis.problem.seeds import GROUP
from optlab.analysis.statistics import attained_level, bands
from optlab.training.metrics import FINAL

FIRST = ["problem", "rank", "optimizer", "setting", "lr", "edge", "batch", "settings", "seeds", "level",
         "diverged", "grid_diverged", "grid_worse"]  # fmt: skip


def summary(
    runs: pd.DataFrame,
    trajectories: pd.DataFrame,
    best: pd.DataFrame,
    chosen: pd.DataFrame,
    standings: pd.DataFrame,
    metric: str,
) -> pd.DataFrame:
    """One row per problem and optimizer, in the order of the ranks inside each problem.

    Args:
        runs, trajectories: all of them.
        best: see `tuning.best_settings`.
        chosen: the runs that evaluate these settings, see `tuning.at_best`.
        standings: see `standings.standings`.
        metric: what settings were chosen by.

    Returns:
        ``problem rank optimizer setting lr edge batch settings seeds level diverged grid_diverged
        grid_worse``; ``tied apart verdict quantity scale centre at_rounding contrast common_seeds
        diverged_seeds`` of the standings; for every final cost and accuracy its median, ``_low`` and
        ``_high``, the interval of that median, which attains `level` (see `statistics.median_interval`),
        ``_min`` and ``_max`` over the repetitions; and the medians of ``steps epochs gradient_evals
        seconds``. `grid_diverged` and `grid_worse` (ended above their start) are shares of all the
        optimizer's runs, `rounded` that of the evaluated runs whose gap is at the rounding of J, and
        `least_gap` the largest such gap. `seconds` is NaN unless every run of the problem was trained alone.
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
    everything = runs.assign(diverged=diverged(runs), worse=worse(runs)).groupby(GROUP)
    head = best.set_index(GROUP)[["setting", "lr", "edge"]]
    least = graded["least_gap"].astype(float)
    head["rounded"] = (
        (graded["final_gap"] <= least * (1 + ROUNDING)).groupby([graded[n] for n in GROUP]).mean()
    )
    head["least_gap"] = least.groupby([graded[name] for name in GROUP]).max()
    head["batch"] = groups["batch"].first()
    head["settings"] = everything["setting"].nunique()
    head["seeds"] = groups["repetition"].nunique()
    head["level"] = head["seeds"].map(attained_level)
    head["diverged"] = diverged(graded).groupby([graded[name] for name in GROUP]).mean()
    head["grid_diverged"] = everything["diverged"].mean()
    head["grid_worse"] = everything["worse"].mean()
    return _ranked(head.join(pd.DataFrame(columns)).reset_index(), standings, metric)


def trained_alone(runs: pd.DataFrame) -> pd.Series:
    """For every problem, whether each of its runs was a stack of its own: only then are seconds compared."""
    return (runs["stack_size"] == 1).groupby(runs["problem"]).all()


def batches_differ(runs: pd.DataFrame) -> bool:
    """Whether methods on one problem differ in their batches: then their steps are not comparable."""
    return bool(runs.groupby("problem")["batch"].nunique().max() > 1)


def _ranked(table: pd.DataFrame, standings: pd.DataFrame, metric: str) -> pd.DataFrame:
    """The table with the standings, in their order; what is not ranked comes last, by the median."""
    place = pd.Series(range(len(standings)), dtype=float).where(standings["rank"].notna())
    table = table.merge(standings.assign(place=place), on=GROUP, how="left")
    without = {
        "tied": False,
        "apart": FEW_SEEDS,
        "verdict": UNTESTED,
        "at_rounding": False,
        "common_seeds": 0,
        "diverged_seeds": 0,
    }
    table = table.fillna(without).astype({"tied": bool, "common_seeds": int, "diverged_seeds": int})
    table["ranking_value"] = ranking_value(table[metric], metric)
    order = ["problem", "place", "diverged", "ranking_value", "epochs", "optimizer"]
    ranked = table.sort_values(order, kind="stable", ignore_index=True)
    standing = [name for name in standings if name not in FIRST]
    rest = [name for name in ranked if name not in (*FIRST, *standing, "place", "ranking_value")]
    return ranked[[*FIRST, *standing, *rest]]
