"""What a run has spent, to compare methods of first and second order: gradients, Hessian work, FLOPs.

Gradient-equivalents are the work that was charged while a run was trained (see `optlab.models.work`), in
gradients on all data. FLOPs are those of so many gradients, and Hessian work is the number of Hessian-vector
products, a Hessian being P of them.

Where a run was recorded without its work, an older convention counts for all (`is_charged`): every recorded
evaluation in full, by the operations of dense formulas, also where a value and a gradient share a pass or a
Hessian is cached. With e stored features (n d of dense data) and n ones for the intercept, h the outputs of
the first layer, and Q the parameters of the later layers, one evaluation on all data takes

    value     v = 2 (e + n) h + 2 n Q                    products of the forward pass
    gradient  v + 2 (e + n) h + 4 n Q                    and of the backward pass: weights, and errors below
    hvp       3 v + 10 n Q                               both passes, and their derivatives along a vector
    Hessian   linear scores, K: (e + n) P (K + 1)        blocks of K (K + 1) / 2 pairs of scores, by P / K
              else P hvp;   and P^3 / 3                  to factorise it

Activations, losses and the optimizer's own arithmetic are left out: they are of order n (h + C) and P.

References: Pearlmutter, Fast exact multiplication by the Hessian, 1994; Griewank and Walther, Evaluating
Derivatives, 2nd ed. 2008, section 3.4 (a gradient costs a small multiple of its function).
"""

import json
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from optlab.analysis.problem.problems import configuration
from optlab.core.errors import UserError
from optlab.models.model import HiddenLayers, LinearScores, Model
from optlab.objective.oracle import EVALUATIONS
from optlab.runs.recorded_data import recorded_model

COMPUTED = ("gradient_equivalents", "hessian_work", "flops")


class Flops(NamedTuple):
    """FLOPs of each evaluation on all data, in the order of `oracle.EVALUATIONS`; and P. NaN: not known."""

    value: float = np.nan
    gradient: float = np.nan
    hvp: float = np.nan
    hessian: float = np.nan
    parameters: float = np.nan


def flops_of(model: Model, entries: int, n: int) -> Flops:
    """The counts of the table above, for n samples with so many stored features; NaN of any other model."""
    p = model.n_parameters
    if isinstance(model, HiddenLayers):
        outputs = model.hidden[0]
    elif isinstance(model, LinearScores):
        outputs = model.n_scores
    else:
        return Flops()
    biases = not model.penalty_mask.all()
    inputs = entries + n * biases  # by every output of the first layer
    later = p - (model.n_features + biases) * outputs
    value = 2 * inputs * outputs + 2 * n * later
    gradient = value + 2 * inputs * outputs + 4 * n * later
    hvp = 3 * value + 10 * n * later
    hessian = inputs * p * (outputs + 1) if isinstance(model, LinearScores) else p * hvp
    return Flops(value, gradient, hvp, hessian + p**3 / 3, p)


def with_costs(trajectories: pd.DataFrame, runs: pd.DataFrame) -> pd.DataFrame:
    """The points of `runs` with the columns `COMPUTED`; NaN where they need data that are not here."""
    by_cost: dict[str, Flops] = {}
    by_run = {}
    for run_id, text in zip(runs["run_id"], runs["config"], strict=True):
        config = configuration(text)
        key = json.dumps([config.get("dataset"), config.get("model")], sort_keys=True, default=str)
        if key not in by_cost:
            by_cost[key] = _of(config, run_id)
        by_run[run_id] = by_cost[key]
    points = trajectories[trajectories["run_id"].isin(by_run)]
    each = np.array([by_run[run_id] for run_id in points["run_id"]]).reshape(-1, len(Flops._fields))
    counts = points[list(EVALUATIONS)].to_numpy(float)
    asked = (counts * each[:, : len(EVALUATIONS)]).sum(axis=1) / each[:, 1]
    products = points["hvp_evals"].to_numpy(float) + each[:, -1] * points["hessian_evals"].to_numpy(float)
    equivalents = points["work"] if is_charged(points) else asked
    return points.assign(
        gradient_equivalents=equivalents, hessian_work=products, flops=equivalents * each[:, 1]
    )


def is_charged(points: pd.DataFrame) -> bool:
    """Whether the work of all runs was charged while they were trained; else the older convention holds."""
    return "work" in points and bool(points["work"].notna().all())


def offered(points: pd.DataFrame) -> list[str]:
    """Of `COMPUTED`, the axes that are known and tell more than the count of gradients.

    Where gradients are all that was asked for, operations are in proportion to them.
    """
    if points.empty or points["gradient_equivalents"].isna().any():
        return []
    second = points[["hvp_evals", "hessian_evals"]].to_numpy().any()
    if not second and not points["value_evals"].any():
        return []
    known = [name for name in COMPUTED if points[name].notna().all()]
    return [name for name in known if second or name != "hessian_work"]


def _of(config: dict[str, Any], run_id: str) -> Flops:
    try:
        dataset, model = recorded_model(config, run_id)
    except UserError:
        return Flops()
    return flops_of(model, dataset.train.x.size, len(dataset.train.y))
