"""Which certificate a cost has: the least value of J, and how it is proven."""

import math
from collections.abc import Mapping
from typing import Any, cast

import numpy as np

from optlab.core.arrays import Array
from optlab.datasets.dataset import Dataset
from optlab.models.model import ConjugateLosses, LinearScores, Model, QuadraticLoss, StatesMinimum
from optlab.models.smoothness import has_smoothness, smoothness
from optlab.objective.objective import Objective
from optlab.objective.penalty import NONE, Penalty
from optlab.training.optimum.conjugate import conjugate_minimum
from optlab.training.optimum.duality import composite_minimum, is_certified_here
from optlab.training.optimum.minimum import MEASURED, Optimum, minimum
from optlab.training.optimum.quadratic import quadratic_minimum

LOSSES = {
    "logistic": ("cross_entropy",),
    "softmax": ("cross_entropy",),
    "linear": ("squared", "huber"),
}
"""The losses of models whose minimum may be certified, of those that have a choice."""

FORMULAS = ("quadratic", "rosenbrock", "beale", "branin", "rastrigin", "saddle", "log_sum_exp")


def obstacle(section: Mapping[str, Any]) -> str:
    """Why the cost of a `model` section has no certificate, whatever its data; "" if it may have one."""
    name = section.get("name")
    if name in FORMULAS:
        return ""
    if name not in LOSSES:
        return f"the cost of {name or 'an unknown model'} is not convex"
    loss = section.get("loss")
    return "" if loss in LOSSES[name] else f"the cost is not convex with the loss {loss}"


def certificate(model: Model, dataset: Dataset, penalty: Penalty) -> Optimum:
    """The certified minimum of a cost without `obstacle` on the training part, in float64.

    Args:
        penalty: its strengths are numbers.

    Returns:
        A cost of NaN with the reason where there is none.
    """
    if isinstance(model, QuadraticLoss) and model.is_quadratic and penalty.is_quadratic:
        return quadratic_minimum(model, dataset, penalty)
    if isinstance(model, StatesMinimum):
        return _known_minimum(model, dataset, penalty)
    if is_certified_here(penalty):
        return composite_minimum(cast(LinearScores, model), dataset, penalty)
    if penalty.is_quadratic and isinstance(model, ConjugateLosses) and model.has_conjugate:
        return conjugate_minimum(model, dataset, penalty)
    if penalty.is_quadratic:
        return minimum(cast(LinearScores, model), dataset, penalty)
    return Optimum(math.nan, reason=f"no certificate fits the penalty {penalty.describe()}")


def _known_minimum(model: StatesMinimum, dataset: Dataset, penalty: Penalty) -> Optimum:
    """What the formula of a cost tells."""
    samples = model.prepare(dataset.train, np.dtype(float))
    known = None if penalty else model.least(samples)
    L = smoothness(model, dataset.train.x).L if has_smoothness(model) else math.nan
    if known is None:
        what = f"with {penalty.describe()}" if penalty else "over shifts of it"
        return Optimum(math.nan, L=L, reason=f"the least mean of {model.name} {what} is not known")
    cost, w = known
    roundings = [_rounding(model, dataset, cost, w, np.dtype(kind)) for kind in ("float64", "float32")]
    return Optimum(cost, 0.0, 0.0, L=L, rounding=roundings[0], rounding32=roundings[1])


def _rounding(model: Model, dataset: Dataset, cost: float, w: Array, dtype: np.dtype) -> float:
    """What J is above the minimum where its parameters are rounded."""
    eps = float(np.finfo(dtype).eps)
    objective = Objective(model, model.prepare(dataset.train, np.dtype(float)), NONE)
    near = w + eps * np.maximum(np.abs(w), 1)
    return MEASURED * (abs(float(objective.evaluate(near[None]).value[0]) - cost) + eps * abs(cost))
