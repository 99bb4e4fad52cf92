"""Which runs have a certified minimum: found once for every cost, and kept in the user's cache.

The data are those that the recorded configuration describes. They count only if the id of a run, a hash of
its configuration and of the data's checksum, comes out again.
"""

import hashlib
import json
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from optlab import datasets
from optlab.analysis.optimum import CONVEX, Optimum, minimum
from optlab.analysis.problems import configuration
from optlab.datasets.dataset import Dataset
from optlab.datasets.download import cache_folder
from optlab.errors import UserError
from optlab.sweep import plan

VERSION = 1  # of the method: raised, it makes kept certificates worthless


def with_optimum(runs: pd.DataFrame, given: Mapping[str, float] | None = None) -> pd.DataFrame:
    """`runs` with the columns `optimum` (NaN: not known), `optimum_gap` and `optimum_reason`.

    Args:
        runs: with their `problem`.
        given: a minimum that the user knows, by problem.
    """
    if "optimum" in runs:
        return runs
    found: dict[str, Optimum] = {}
    keys = [_key(configuration(text)) for text in runs["config"]]
    for key, (_, run) in zip(keys, runs.iterrows(), strict=True):
        if key not in found:
            found[key] = _of(run)
    optima = [found[key] for key in keys]
    known = {problem: Optimum(cost, reason="given") for problem, cost in (given or {}).items()}
    optima = [known.get(p, o) for p, o in zip(runs["problem"], optima, strict=True)]
    below = _lowest(runs) < pd.Series([_tolerated(o) for o in optima], index=runs.index)
    untrue = below.groupby(runs["problem"]).transform("any")
    impossible = Optimum(
        math.nan, reason="a run has a lower cost than the minimum: they minimise another cost"
    )
    optima = [impossible if bad else o for bad, o in zip(untrue, optima, strict=True)]
    return runs.assign(
        optimum=[o.cost for o in optima],
        optimum_gap=[o.gap for o in optima],
        optimum_reason=[o.reason for o in optima],
    )


def with_gap(trajectories: pd.DataFrame, runs: pd.DataFrame) -> pd.DataFrame:
    """The points of `runs` with the column `gap`: J - J*, or J itself where J* is not known.

    A gap is at least what is known of it: the bound on the gap of J*, and the rounding of J.
    """
    known = runs.set_index("run_id")[["optimum", "optimum_gap"]].astype(float)
    points = trajectories[trajectories["run_id"].isin(known.index)]
    at = known.reindex(points["run_id"]).to_numpy()
    least = np.fmax(at[:, 1], np.finfo(float).eps * np.abs(at[:, 0]))
    cost = points["train_cost"].to_numpy(float)
    gap = np.where(np.isnan(cost), np.nan, np.maximum(cost - at[:, 0], least))
    return points.assign(gap=np.where(np.isnan(at[:, 0]), cost, gap))


def _key(config: dict[str, Any]) -> str:
    return json.dumps([config.get("dataset"), config.get("model")], sort_keys=True, default=str)


def _lowest(runs: pd.DataFrame) -> pd.Series:
    return pd.to_numeric(runs["final_train_cost"], errors="coerce").astype(float)


def _tolerated(optimum: Optimum) -> float:
    """What a run may have at least: rounding, in float32 too, is no contradiction."""
    return optimum.cost - 1e-5 * abs(optimum.cost)


def _of(run: pd.Series) -> Optimum:
    """The minimum of one run's cost."""
    config = configuration(run["config"])
    model = config.get("model")
    if not isinstance(model, dict) or model.get("name") not in CONVEX:
        return Optimum(math.nan, reason=f"the cost of {run['model']} is not convex")
    if model.get("loss") != "cross_entropy" or not isinstance(model.get("l2"), int | float):
        return Optimum(math.nan, reason=f"the cost is not convex with the loss {model.get('loss')}")
    try:
        dataset = datasets.load(config.get("dataset", {}))
        if plan.run_of(config, dataset.sha256).run_id != run["run_id"]:
            return Optimum(math.nan, reason="the data on this machine are not those of the runs")
        return _kept(config, dataset)
    except (UserError, KeyError, TypeError, AttributeError):
        return Optimum(math.nan, reason="the data of the runs cannot be had on this machine")


def _kept(config: dict[str, Any], dataset: Dataset) -> Optimum:
    """The minimum from the cache, or computed and put there."""
    content = [VERSION, dataset.sha256, {**config["dataset"], "path": None}, config["model"]]
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:24]
    path = cache_folder() / "optima" / f"{digest}.json"
    try:
        kept = json.loads(path.read_text("utf-8"))
        numbers = {name: float(kept[name]) for name in ("cost", "gap", "gradient_norm")}
        return Optimum(**numbers, reason=str(kept["reason"]))
    except (OSError, ValueError, KeyError, TypeError):
        found = minimum(plan.model(config, dataset), config["model"]["name"], dataset, config["model"]["l2"])
    _write(path, found)
    return found


def _write(path: Path, optimum: Optimum) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps(optimum._asdict()), "utf-8")
        os.replace(temporary, path)
    except OSError:
        return  # a cache that cannot be written costs time, not the report
