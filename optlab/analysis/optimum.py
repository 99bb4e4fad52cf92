"""The certified minimum of a convex cost: curves can then show how far a run still is from it.

Logistic and softmax regression with cross-entropy have a convex cost. Newton's method takes it to a gradient
norm of 1e-12, and a bound on the gap that is left certifies the value:

    J(w) - J* <= ||grad J(w)||^2 / (2 mu c),   c = 2 (exp(-u) + u - 1) / u^2
    where u = 4 R ||grad J(w)|| / mu must be at most 1

mu is the smallest eigenvalue of the Hessian at w (directions along which J is constant left out) and R bounds
how fast the Hessian changes: the longest row [x, 1] of the data, times sqrt(6) for softmax. For a small
gradient c is 1: the bound of a strongly convex function.

References: Bach, Self-concordant analysis for logistic regression, Electronic Journal of Statistics, 2010,
proposition 1; Sun and Tran-Dinh, Generalized self-concordant functions, Mathematical Programming, 2019.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from optlab.arrays import Array
from optlab.datasets.dataset import Dataset
from optlab.models.model import Model, Samples
from optlab.objective import Objective
from optlab.optimizers.newton import newton

GRADIENT_NORM = 1e-12
MOST_STEPS = 200
MOST_WORK = 2e10  # n P^2, which a Hessian costs
CONVEX = {"logistic": 1.0, "softmax": math.sqrt(6.0)}  # and the factor of R


class Optimum(NamedTuple):
    """The least cost there is, or why it is not known."""

    cost: float  # NaN: not known
    gap: float = math.nan  # J(w) - J* is at most this
    gradient_norm: float = math.nan
    reason: str = ""  # why there is none


@threadpool_limits.wrap(limits=1)  # small matrices: threads would wait for one another
def minimum(model: Model, name: str, dataset: Dataset, l2: float) -> Optimum:
    """The certified minimum of the cost of the convex model called `name` on the training part.

    Returns:
        A cost of NaN with the reason: the data are separable, so that the cost has no minimum, or the
        certificate was not reached.
    """
    if len(dataset.train.y) * model.n_parameters**2 > MOST_WORK:
        return Optimum(math.nan, reason=f"Newton's method on {model.n_parameters:,} parameters is too costly")
    if name == "softmax":
        model = Softmax(model)
    objective = Objective(model, model.prepare(dataset.train, np.dtype(float)), l2)
    w = model.initial(np.random.default_rng(0))[None]
    with np.errstate(all="ignore"):
        for step in range(MOST_STEPS):
            here = objective.at(w, accuracy=True).known
            assert here is not None and here.gradient is not None and here.accuracy is not None
            if l2 == 0 and here.accuracy[0] == 1:
                return Optimum(math.nan, reason="the classes are separable and there is no penalty")
            if np.linalg.norm(here.gradient) <= GRADIENT_NORM:
                break
            # Close to the minimum a line search drowns in the rounding of J; the plain step does not.
            search = "backtracking" if np.linalg.norm(here.gradient) > 1e-7 or step % 4 == 3 else "none"
            w, _ = newton(line_search=search).update(w, (), objective)  # type: ignore[arg-type]
    longest = math.sqrt(np.square(dataset.train.x, dtype=float).sum(1).max() + 1)
    return certified(objective, w, CONVEX[name] * longest)


def certified(objective: Objective, w: Array, longest: float) -> Optimum:
    """The cost at w (1, P) with the bound on the gap; NaN where the bound does not hold or is useless."""
    value, gradient = objective.value_and_gradient(w)
    norm = float(np.linalg.norm(gradient))
    curvatures, directions = np.linalg.eigh(objective.hessian(w)[0])
    flat = curvatures <= 1e-10 * curvatures[-1]
    if not np.isfinite(norm) or not all(_constant(objective, w, value, v) for v in directions.T[flat]):
        return Optimum(math.nan, reason="the cost is too flat for Newton's method")
    mu = float(curvatures[~flat].min())
    u = 4 * longest * norm / mu
    if u > 1 or norm > 1e-9:
        return Optimum(math.nan, reason=f"Newton's method stopped at a gradient norm of {norm:.1e}")
    # exp(-u) + u - 1 cancels for small u, where c is 1 - u/3.
    c = 2 * (math.expm1(-u) + u) / u**2 if u > 1e-3 else 1 - u / 3
    return Optimum(float(value[0]), norm**2 / (2 * mu * c), norm)


class Softmax:
    """A softmax model whose Hessian is put together from one product for each pair of classes.

    Block (j, k) is the mean of p_j (1[j = k] - p_k) [x, 1] [x, 1]^T, p being the predicted probabilities.
    """

    def __init__(self, model: Model) -> None:
        self._model = model

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def hessian(self, w: Array, samples: Samples, weight: float) -> Array:
        classes = self._model.n_classes
        biases = self._model.n_parameters // classes - self._model.n_features
        a = np.hstack([samples.x, np.ones((len(samples.x), biases))])
        hessian = np.empty((len(w), a.shape[1], classes, a.shape[1], classes))
        for row, p in enumerate(self._model.probabilities(w, samples.x)):
            for j in range(classes):
                for k in range(j + 1):
                    block = (a.T * (weight * p[:, j] * ((j == k) - p[:, k]))) @ a
                    hessian[row, :, j, :, k] = hessian[row, :, k, :, j] = block
        return hessian.reshape(len(w), self._model.n_parameters, -1)


def _constant(objective: Objective, w: Array, value: Array, direction: Array) -> bool:
    """Whether J does not change along a line: J is convex, so two far points on it decide."""
    far = (1 + np.linalg.norm(w)) * direction
    return all(abs(objective.value(w + sign * far)[0] - value[0]) <= 1e-11 * value[0] for sign in (1, -1))
