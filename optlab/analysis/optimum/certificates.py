"""Which runs have a certified minimum, and how far above it they are.

A minimum is computed once for every cost (see `cache`), on the data that the recorded configuration
describes; they are never downloaded.
"""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from optlab.analysis.optimum import cache
from optlab.analysis.problem.problems import configuration
from optlab.core.errors import UserError
from optlab.objective.penalty import penalty_of
from optlab.runs.identity import Run
from optlab.runs.recorded_data import EarlierStreams, recorded_model
from optlab.runs.schema import Schema
from optlab.training.l1_max import with_numbers
from optlab.training.optimum.certificate import certificate, obstacle
from optlab.training.optimum.minimum import Optimum

ROUNDING = 10 * np.finfo(float).eps  # relative, of a cost
SAME = 1e-12  # relative: final costs that differ by less differ by rounding on the way


def with_optimum(runs: pd.DataFrame, given: Mapping[str, float] | None = None) -> pd.DataFrame:
    """`runs` with the columns `optimum` (NaN: not known), `optimum_gap` and `optimum_reason`.

    `rounding` is that of J in the precision of the run, and `least_gap` the least final gap that differs
    from 0. `mu`, `sharpness` and `L` are the curvatures of `optimum.Optimum`. `final_gap` is the final
    training cost above the minimum: where the seed draws the split of the data, every split has a cost of
    its own, and only the gap can be compared between them.

    Args:
        runs: with their `problem`.
        given: minima that the user knows, by problem or a part of its name.

    Raises:
        UserError: no problem or several have such a name.
    """
    given = _by_full_name(runs["problem"].unique(), given or {})
    by_cost: dict[tuple[str, str], Optimum] = {}
    optima = []
    columns = ("problem", "run_id", "config", "stack_id")
    for problem, run_id, text, stack in zip(*(runs[name] for name in columns), strict=True):
        config = configuration(text)
        # The runs of a stack share their data; others may have had other data under the same path.
        key = (
            json.dumps([config.get("dataset"), config.get("model")], sort_keys=True, default=str),
            str(stack),
        )
        if key not in by_cost:
            by_cost[key] = _minimum(config, run_id)
        optimum = by_cost[key]
        if problem in given:
            optimum = optimum._replace(cost=given[problem], gap=math.nan, reason="given")
        optima.append(optimum)
    below = _final_cost(runs) < pd.Series([_least_credible(o) for o in optima], index=runs.index)
    untrue = below.groupby(runs["problem"]).transform("any")
    impossible = "a run has a lower cost than the minimum: they minimise another cost"
    optima = [
        Optimum(math.nan, reason=impossible) if bad else o for bad, o in zip(untrue, optima, strict=True)
    ]
    single = [configuration(text).get("dtype") == "float32" for text in runs["config"]]
    runs = runs.assign(
        optimum=[o.cost for o in optima],
        optimum_gap=[o.gap for o in optima],
        rounding=[o.rounding32 if low else o.rounding for o, low in zip(optima, single, strict=True)],
        optimum_reason=[o.reason for o in optima],
        mu=[o.mu for o in optima],
        sharpness=[o.sharpness for o in optima],
        L=[o.L for o in optima],
    )
    least = np.fmax(least_gap(runs), SAME * np.abs(runs["optimum"].to_numpy(float)))
    return runs.assign(least_gap=least, final_gap=gap(_final_cost(runs), runs["optimum"], least))


def splits_vary(runs: pd.DataFrame) -> bool:
    """Whether some problem was run on several splits of the data, and every minimum is known."""
    several = runs.groupby("problem")["optimum"].nunique().max() > 1
    return bool(several and runs["optimum"].notna().all())


def with_gap(trajectories: pd.DataFrame, runs: pd.DataFrame) -> pd.DataFrame:
    """The points of `runs` with the column `gap`: J - J*, or J itself where J* is not known.

    A gap is at least what is known of it, see `least_gap`.
    """
    minima = pd.DataFrame({"optimum": runs["optimum"].astype(float), "least": least_gap(runs)})
    minima.index = pd.Index(runs["run_id"])
    points = trajectories[trajectories["run_id"].isin(minima.index)]
    optimum, least = minima.reindex(points["run_id"]).to_numpy().T
    cost = points["train_cost"].to_numpy(float)
    return points.assign(gap=np.where(np.isnan(optimum), cost, gap(cost, optimum, least)))


def least_gap(runs: pd.DataFrame) -> np.ndarray:
    """(R,) the least J - J* that is known from 0: J* is certain to its bound, and J to its rounding.

    The rounding of J is measured at the minimum, in the precision of the run.
    """
    optimum, bound, rounding = (runs[n].to_numpy(float) for n in ("optimum", "optimum_gap", "rounding"))
    return np.fmax(np.fmax(bound, rounding), ROUNDING * np.abs(optimum))


def gap(cost: Any, optimum: Any, least: Any) -> np.ndarray:
    """J - J*, at least what is known of it; NaN where one is not known."""
    cost, optimum = np.asarray(cost, float), np.asarray(optimum, float)
    return np.where(np.isnan(cost), np.nan, np.maximum(cost - optimum, np.asarray(least, float)))


def _final_cost(runs: pd.DataFrame) -> pd.Series:
    return pd.to_numeric(runs["final_train_cost"], errors="coerce").astype(float)


def _least_credible(optimum: Optimum) -> float:
    """What a run may have at least: rounding, in float32 too, is no contradiction."""
    return optimum.cost - 1e-5 * abs(optimum.cost)


def _by_full_name(problems: Sequence[str], given: Mapping[str, float]) -> dict[str, float]:
    costs_by_name = {}
    for name, cost in given.items():
        matches = [problem for problem in problems if problem == name] or [p for p in problems if name in p]
        if len(matches) != 1:
            raise UserError(
                f"optimum={name}={cost}: {len(matches)} problems are called so; the problems are "
                + "; ".join(problems)
            )
        costs_by_name[matches[0]] = cost
    return costs_by_name


def _minimum(config: dict[str, Any], run_id: str) -> Optimum:
    """The minimum of the cost of one run."""
    section = config.get("model")
    model = section if isinstance(section, dict) else {}
    if reason := obstacle(model):
        return Optimum(math.nan, reason=reason)
    try:
        run = Run(run_id, Schema().canonical(config))
        return cache.load(run) or _computed(run, config)
    except EarlierStreams:
        reason = "an optlab with other random streams divided the data of the runs"
        return Optimum(math.nan, reason=reason)
    except UserError:
        return Optimum(math.nan, reason="the data of the runs are not on this machine")


def _computed(run: Run, recorded: dict[str, Any]) -> Optimum:
    """The minimum on the data of the run, stored for the next time."""
    dataset, model = recorded_model(recorded, run.run_id, dtype="float64")
    penalty = with_numbers(penalty_of(run.config["model"]), model, dataset.train)
    optimum = certificate(model, dataset, penalty)
    cache.store(optimum, run, dataset.sha256)
    return optimum
