"""What tuning costs and buys: luck of the choice, width of the good rates, and best after k trials."""

import numpy as np
import pandas as pd

from optlab.analysis.choice.tuning import SETTING
from optlab.analysis.problem.outcomes import diverged
from optlab.analysis.problem.seeds import GROUP
from optlab.core.arrays import Array
from optlab.core.streams import Purpose, stream
from optlab.training.metrics import higher_is_better

RESAMPLES = 1000


def tuned(
    runs: pd.DataFrame,
    settings: pd.DataFrame,
    best: pd.DataFrame,
    tuning: pd.DataFrame,
    evaluation: pd.DataFrame,
    metric: str,
    factor: float = 1.1,
) -> pd.DataFrame:
    """One row per problem and optimizer: the best setting on the tuning seeds and on the others.

    Args:
        runs: all of them.
        settings: see `tuning.settings`, of all runs.
        best: see `tuning.best_settings`.
        tuning, evaluation: see `tuning.settings`, of the runs that tune and of those that evaluate.
        metric: what settings were chosen by.
        factor: see `good_decades`.

    Returns:
        ``problem optimizer setting settings tuning_seeds evaluation_seeds tuning evaluation shrinkage
        diverged decades``. `tuning` and `evaluation` are medians of `metric`; `shrinkage` is how much worse
        the second is than the choice had promised (see `shrinkage`); `diverged` is a share of all the
        optimizer's runs; `decades` is the width of its good rates (see `good_decades`).
    """
    chosen = pd.MultiIndex.from_frame(best[SETTING])
    tried, judged = (table.set_index(SETTING).reindex(chosen) for table in (tuning, evaluation))
    everything = runs.assign(diverged=diverged(runs)).groupby(GROUP)
    promised = shrinkage(best, tuning, evaluation, metric)
    best = best.set_index(GROUP)
    table = pd.DataFrame(
        {
            "setting": best["setting"],
            "settings": everything["setting"].nunique(),
            "tuning_seeds": pd.Series(tried["seeds"].to_numpy(), best.index),
            "evaluation_seeds": pd.Series(judged["seeds"].to_numpy(), best.index),
            "tuning": pd.Series(tried["median"].to_numpy(float), best.index),
            "evaluation": pd.Series(judged["median"].to_numpy(float), best.index),
            "shrinkage": promised,
            "diverged": everything["diverged"].mean(),
            "decades": good_decades(settings, metric, factor),
        }
    )
    return table.reset_index()


def shrinkage(best: pd.DataFrame, tuning: pd.DataFrame, evaluation: pd.DataFrame, metric: str) -> pd.Series:
    """How much more the chosen setting loses from the tuning to the evaluation seeds than all settings do.

    Other seeds are easier or harder for every setting, which is no luck of the choice. So the mean shift of
    all the optimizer's settings is taken off: of logarithms where all medians are positive, so that the
    result is a share; of accuracies, a difference. NaN with one setting, of which there was no choice.
    """
    medians = evaluation.set_index(SETTING)["median"]
    judged = medians.reindex(pd.MultiIndex.from_frame(tuning[SETTING])).to_numpy(float)
    ends = pd.DataFrame({"tuning": tuning["median"].astype(float), "evaluation": judged})
    table, ends = (part[np.isfinite(ends).all(axis=1)] for part in (tuning[SETTING], ends))
    positive = (ends > 0).all(axis=1).groupby(table["problem"]).transform("all")
    share = positive & (not higher_is_better(metric))
    ends = ends.mask(share, np.log(ends.where(share)))
    shift = (ends["evaluation"] - ends["tuning"]) * (-1 if higher_is_better(metric) else 1)
    table = table.assign(shift=shift, share=share)
    usual = table.groupby(GROUP)["shift"].agg(["mean", "size"])
    chosen = best[SETTING].merge(table, on=SETTING).set_index(GROUP)
    extra = (chosen["shift"] - usual["mean"]).where(usual["size"] > 1)
    return extra.mask(chosen["share"].reindex(extra.index, fill_value=False), np.expm1(extra))


def good_decades(settings: pd.DataFrame, metric: str, factor: float = 1.1) -> pd.Series:
    """Width, in powers of ten, of the rates whose median is at most `factor` times the best of the optimizer.

    It is counted on the grid: from the lowest to the highest rate of the unbroken row of good rates around
    the best one, so a single good rate has width 0. For an accuracy, the share of errors is compared. NaN
    where the grid has one rate.
    """
    table = settings.dropna(subset="lr")
    table = table[table["lr"] > 0].drop_duplicates([*GROUP, "lr"])
    if higher_is_better(metric):
        table["median"] = 1 - table["median"]
    widths = {}
    for name, part in table.groupby(GROUP, sort=False):
        best = part["lr"].iloc[0]
        part = part.sort_values("lr")
        medians, rates = part["median"].to_numpy(float), np.log10(part["lr"].to_numpy(float))
        place = int(np.flatnonzero(part["lr"] == best)[0])
        good = (medians <= factor * medians[place]) & (part["diverged"].to_numpy() == 0)
        left = right = place
        while left > 0 and good[left - 1]:
            left -= 1
        while right < len(good) - 1 and good[right + 1]:
            right += 1
        widths[name] = rates[right] - rates[left] if len(rates) > 1 else np.nan
    index = (
        pd.MultiIndex.from_tuples(widths, names=GROUP)
        if widths
        else pd.MultiIndex.from_arrays([[], []], names=GROUP)
    )
    return pd.Series(list(widths.values()), index, dtype=float)


def best_after(tuning: pd.DataFrame, evaluation: pd.DataFrame, metric: str) -> pd.DataFrame:
    """The outcome that a tuner with k trials may expect: the best of k settings drawn from the grid.

    Settings are drawn without replacement and chosen on the tuning seeds; what counts is their median on
    the evaluation seeds.

    Args:
        tuning, evaluation: see `tuning.settings`, of the runs that tune and of those that evaluate.
        metric: what settings are chosen by.

    Returns:
        ``problem optimizer trials median low high``: over the draws, `low` and `high` hold 50 % of them.
    """
    sign = -1 if higher_is_better(metric) else 1
    parts = []
    medians = evaluation.set_index(SETTING)["median"]
    judged = medians.reindex(pd.MultiIndex.from_frame(tuning[SETTING])).to_numpy(float)
    settings = tuning.assign(judged=judged).dropna(subset="judged")
    for (problem, optimizer), part in settings.groupby(GROUP, sort=False):
        draws = _best_of_draws(sign * part["judged"].to_numpy(float)) * sign
        low, median, high = np.quantile(draws, [0.25, 0.5, 0.75], axis=0, method="nearest")
        trials = np.arange(1, len(part) + 1)
        parts.append(
            pd.DataFrame({"trials": trials, "median": median, "low": low, "high": high}).assign(
                problem=problem, optimizer=optimizer
            )
        )
    columns = [*GROUP, "trials", "median", "low", "high"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _best_of_draws(judged: Array) -> Array:
    """(RESAMPLES, k) what the best of the first 1, 2, ... drawn settings is judged; they come best first."""
    rng = stream(Purpose.TRIALS)
    order = rng.permuted(np.tile(np.arange(len(judged)), (RESAMPLES, 1)), axis=1)
    return judged[np.minimum.accumulate(order, axis=1)]
