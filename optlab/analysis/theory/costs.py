"""What a run has spent, to compare methods of first and second order: gradients, Hessian work, FLOPs.

Floating-point operations are counted from the recorded evaluations and the sizes of data and model. With e
stored features (n d of dense data) and n ones for the intercept, h the outputs of the first layer, and Q the
parameters of the later layers, one evaluation on all data takes

    value     v = 2 (e + n) h + 2 n Q                    products of the forward pass
    gradient  v + 2 (e + n) h + 4 n Q                    and of the backward pass: weights, and errors below
    hvp       3 v + 10 n Q                               both passes, and their derivatives along a vector
    Hessian   linear scores, K: (e + n) P (K + 1)        blocks of K (K + 1) / 2 pairs of scores, by P / K
              else P hvp;   and P^3 / 3                  to factorise it

Activations, losses and the optimizer's own arithmetic are left out: they are of order n (h + C) and P. Every
recorded evaluation counts in full, also where a value and a gradient at one point share a pass. A
gradient-equivalent is the FLOPs of one gradient on all data; Hessian work is the number of Hessian-vector
products, a Hessian being P of them.

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
from optlab.objective.oracle import COUNTERS
from optlab.runs.recorded_data import recorded_model

COMPUTED = ("gradient_equivalents", "hessian_work", "flops")


class Work(NamedTuple):
    """FLOPs of each evaluation on all data, in the order of `oracle.COUNTERS`; and P. NaN: not known."""

    value: float = np.nan
    gradient: float = np.nan
    hvp: float = np.nan
    hessian: float = np.nan
    parameters: float = np.nan


def work(model: Model, entries: int, n: int) -> Work:
    """The counts of the table above, for n samples with so many stored features; NaN of any other model."""
    p = model.n_parameters
    if isinstance(model, HiddenLayers):
        outputs = model.hidden[0]
    elif isinstance(model, LinearScores):
        outputs = model.n_scores
    else:
        return Work()
    biases = not model.penalty_mask.all()
    inputs = entries + n * biases  # by every output of the first layer
    later = p - (model.n_features + biases) * outputs
    value = 2 * inputs * outputs + 2 * n * later
    gradient = value + 2 * inputs * outputs + 4 * n * later
    hvp = 3 * value + 10 * n * later
    hessian = inputs * p * (outputs + 1) if isinstance(model, LinearScores) else p * hvp
    return Work(value, gradient, hvp, hessian + p**3 / 3, p)


def with_costs(trajectories: pd.DataFrame, runs: pd.DataFrame) -> pd.DataFrame:
    """The points of `runs` with the columns `COMPUTED`; NaN where the data are not on this machine."""
    by_cost: dict[str, Work] = {}
    by_run = {}
    for run_id, text in zip(runs["run_id"], runs["config"], strict=True):
        config = configuration(text)
        key = json.dumps([config.get("dataset"), config.get("model")], sort_keys=True, default=str)
        if key not in by_cost:
            by_cost[key] = _of(config, run_id)
        by_run[run_id] = by_cost[key]
    points = trajectories[trajectories["run_id"].isin(by_run)]
    each = np.array([by_run[run_id] for run_id in points["run_id"]]).reshape(-1, len(Work._fields))
    counts = points[list(COUNTERS)].to_numpy(float)
    flops = (counts * each[:, : len(COUNTERS)]).sum(axis=1)
    products = points["hvp_evals"].to_numpy(float) + each[:, -1] * points["hessian_evals"].to_numpy(float)
    return points.assign(gradient_equivalents=flops / each[:, 1], hessian_work=products, flops=flops)


def offered(points: pd.DataFrame) -> list[str]:
    """Of `COMPUTED`, the axes that are known and tell more than the count of gradients.

    Where gradients are all that was asked for, operations are in proportion to them.
    """
    if points.empty or points["flops"].isna().any():
        return []
    second = points[["hvp_evals", "hessian_evals"]].to_numpy().any()
    if not second and not points["value_evals"].any():
        return []
    return ["gradient_equivalents", *["hessian_work"] * bool(second), "flops"]


def _of(config: dict[str, Any], run_id: str) -> Work:
    try:
        dataset, model = recorded_model(config, run_id)
    except UserError:
        return Work()
    return work(model, dataset.train.x.size, len(dataset.train.y))
