"""Which runs have a certified minimum: found once for every cost, and kept in the user's cache.

A kept minimum counts for a run if its cost and the checksum of its data give the run its id: then the data
are not even read. Else they are read again from what the recorded configuration describes, never downloaded.
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

from optlab.analysis.optimum.minimum import CONVEX, Optimum, minimum
from optlab.analysis.problem.problems import configuration
from optlab.core.errors import UserError
from optlab.datasets.download import cache_folder
from optlab.objective.penalty import penalty_of
from optlab.runs import build
from optlab.runs.identity import is_run_on
from optlab.runs.recorded_data import recorded_data
from optlab.runs.schema import Schema

VERSION = 3  # of the method: raised, it makes kept certificates worthless
ROUNDING = 10 * np.finfo(float).eps  # relative, of a cost
SAME = 1e-12  # relative: final costs that differ by less differ by rounding on the way


def with_optimum(runs: pd.DataFrame, given: Mapping[str, float] | None = None) -> pd.DataFrame:
    """`runs` with the columns `optimum` (NaN: not known), `optimum_gap` and `optimum_reason`.

    `mu`, `sharpness` and `L` are the curvatures of `optimum.Optimum`. `final_gap` is the final training cost
    above the minimum: where the seed draws the split of the data, every split has a cost of its own, and
    only the gap can be compared between them.

    Args:
        runs: with their `problem`.
        given: a minimum that the user knows, by problem.
    """
    found: dict[str, Optimum] = {}
    keys = [_key(configuration(text)) for text in runs["config"]]
    for place, key in enumerate(keys):
        if key not in found:
            found[key] = _of(runs.iloc[place])
    optima = [
        found[key]._replace(cost=given[problem], gap=math.nan, reason="given")
        if given and problem in given
        else found[key]
        for problem, key in zip(runs["problem"], keys, strict=True)
    ]
    below = _lowest(runs) < pd.Series([_tolerated(o) for o in optima], index=runs.index)
    untrue = below.groupby(runs["problem"]).transform("any")
    impossible = "a run has a lower cost than the minimum: they minimise another cost"
    optima = [
        Optimum(math.nan, reason=impossible) if bad else o for bad, o in zip(untrue, optima, strict=True)
    ]
    runs = runs.assign(
        optimum=[o.cost for o in optima],
        optimum_gap=[o.gap for o in optima],
        optimum_reason=[o.reason for o in optima],
        mu=[o.mu for o in optima],
        sharpness=[o.sharpness for o in optima],
        L=[o.L for o in optima],
    )
    return runs.assign(final_gap=_gap(_lowest(runs), runs["optimum"], runs["optimum_gap"], SAME))


def splits_vary(runs: pd.DataFrame) -> bool:
    """Whether some problem was run on several splits of the data, and every minimum is known."""
    several = runs.groupby("problem")["optimum"].nunique().max() > 1
    return bool(several and runs["optimum"].notna().all())


def with_gap(trajectories: pd.DataFrame, runs: pd.DataFrame) -> pd.DataFrame:
    """The points of `runs` with the column `gap`: J - J*, or J itself where J* is not known.

    A gap is at least what is known of it: the bound on the gap of J*, and the rounding of J.
    """
    known = runs.set_index("run_id")[["optimum", "optimum_gap"]].astype(float)
    points = trajectories[trajectories["run_id"].isin(known.index)]
    at = known.reindex(points["run_id"]).to_numpy()
    cost = points["train_cost"].to_numpy(float)
    return points.assign(gap=np.where(np.isnan(at[:, 0]), cost, _gap(cost, at[:, 0], at[:, 1])))


def _gap(cost: Any, optimum: Any, bound: Any, rounding: float = ROUNDING) -> np.ndarray:
    """J - J*, at least what both are certain to; NaN where one is not known."""
    cost, optimum = np.asarray(cost, float), np.asarray(optimum, float)
    least = np.fmax(np.asarray(bound, float), rounding * np.abs(optimum))
    return np.where(np.isnan(cost), np.nan, np.maximum(cost - optimum, least))


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
    if model.get("loss") != "cross_entropy":
        return Optimum(math.nan, reason=f"the cost is not convex with the loss {model.get('loss')}")
    try:
        if not (penalty := penalty_of(model)).is_quadratic:
            reason = f"Newton's method, which certifies it, does not fit the penalty {penalty.describe()}"
            return Optimum(math.nan, reason=reason)
        return _kept(config, run["run_id"]) or _found(config, run["run_id"])
    except UserError:
        return Optimum(math.nan, reason="the data of the runs are not on this machine")


def _kept(config: dict[str, Any], run_id: str) -> Optimum | None:
    """The minimum from the cache: of the data, among all that were kept, that give the run its id."""
    for path in sorted(_folder(config).glob("*.json")):
        if is_run_on(run_id, config, path.stem):
            try:
                kept = json.loads(path.read_text("utf-8"))
                numbers = {name: float(kept[name]) for name in Optimum._fields if name != "reason"}
                return Optimum(**numbers, reason=str(kept["reason"]))
            except (OSError, ValueError, KeyError, TypeError):
                return None
    return None


def _found(config: dict[str, Any], run_id: str) -> Optimum:
    """The minimum, computed and put into the cache."""
    dataset, checked = recorded_data(config, run_id), Schema().checked(config)
    model = checked["model"]
    found = minimum(build.model(checked, dataset), model["name"], dataset, penalty_of(model))
    _write(_folder(config) / f"{dataset.sha256}.json", found)
    return found


def _folder(config: dict[str, Any]) -> Path:
    """Where minima of a cost are kept, a file for each checksum of the data."""
    checked = Schema().checked(config)
    content = [VERSION, {**checked["dataset"], "path": None}, checked["model"]]
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:24]
    return cache_folder() / "optima" / digest


def _write(path: Path, optimum: Optimum) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps(optimum._asdict()), "utf-8")
        os.replace(temporary, path)
    except OSError:
        return  # a cache that cannot be written costs time, not the report
