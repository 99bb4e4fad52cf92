"""The minimum of a quadratic cost: one solve, and its gap from the gradient that is left.

With a Hessian H that is the same everywhere J(w) - J* = g^T H^+ g / 2 for the gradient g at w, if J is
bounded from below. Flat directions, in which curvatures are rounding, are left out; there g is rounding too.
"""

import math

import numpy as np
from threadpoolctl import threadpool_limits

from optlab.core.arrays import Array
from optlab.datasets.dataset import Dataset
from optlab.models.model import QuadraticLoss
from optlab.objective.objective import Objective
from optlab.objective.penalty import Penalty
from optlab.training.optimum.minimum import Optimum, with_rounding

STEPS = 4  # of Newton's method: one, and those that take the last digits
MAX_PARAMETERS = 3000


@threadpool_limits.wrap(limits=1)  # type: ignore[untyped-decorator]
def quadratic_minimum(model: QuadraticLoss, dataset: Dataset, penalty: Penalty) -> Optimum:
    """The certified minimum of a quadratic cost on the training part, in float64.

    Returns:
        A cost of NaN with the reason where the Hessian is too large.
    """
    p = model.n_parameters
    if p > MAX_PARAMETERS:
        return Optimum(math.nan, reason=f"a Hessian of {p:,} parameters is too costly")
    objective = Objective(model, model.prepare(dataset.train, np.dtype(float)), penalty)
    w = np.zeros((1, p))
    hessian = objective.hessian(w)[0]
    size = np.sqrt(np.where(hessian.diagonal() > 0, hessian.diagonal(), 1))
    curvatures, directions = np.linalg.eigh(hessian / size / size[:, None])
    curved = curvatures > p * np.finfo(float).eps * max(curvatures.max(), 0.0)
    axes = directions[:, curved] / size[:, None]  # (P, k), H^+ = axes diag(1 / curvatures) axes^T
    step = w
    for _ in range(STEPS):
        w = w - step
        along = _gradient(objective, w) @ axes
        step = along / curvatures[curved] @ axes.T
    gap = float((along**2 / curvatures[curved]).sum())  # twice what it is without rounding
    cost = float(objective.evaluate(w).value[0])
    known = np.linalg.eigvalsh(hessian)
    flat = p * np.finfo(float).eps * known[-1]
    optimum = Optimum(
        cost,
        gap + 4 * float(np.finfo(float).eps) * abs(cost),
        float(np.linalg.norm(_gradient(objective, w))),
        mu=float(known[known > flat].min(initial=math.inf)) if (known > flat).any() else math.nan,
        sharpness=float(known[-1]),
        L=float(known[-1]),
    )
    return with_rounding(optimum, model, dataset, penalty, w)


def _gradient(objective: Objective, w: Array) -> Array:
    gradient = objective.evaluate(w, gradient=True).gradient
    assert gradient is not None
    return gradient
