"""The certified minimum of a convex cost: curves can then show how far a run still is from it.

Logistic and softmax regression with cross-entropy have a convex cost. Newton's method takes it to a gradient
norm of 1e-12, and a bound on the gap that is left certifies the value:

    J(w) - J* <= ||g||^2 / mu,   provided that R ||g|| <= mu

with g the gradient and mu the least eigenvalue of the Hessian H at w (directions along which J is constant
left out). That is twice the bound of a strongly convex function, ||g||^2 / (2 mu), which asks for the least
eigenvalue anywhere, where it is as small as the penalty's, or zero if there is an intercept. Here H may only
change as fast as R says: |D^3 J[u, v, v]| <= R ||u|| v^T H v. For a longest row a = [x, 1] of the data,
R = ||a|| for logistic, whose loss has |l'''| <= l'', and R = sqrt(2) ||a|| for softmax: its third derivative
is a third central moment of the scores' changes a^T u_k, at most their range, |a^T (u_j - u_k)| <= sqrt(2)
||a|| ||u||, times their variance. Neither sample weights nor a quadratic penalty spoil this. Along a
direction v of length t, J is then at least

    J(w) - ||g|| t + (mu / R^2) (exp(-R t) + R t - 1)

whose minimum over t is J(w) - (mu / R^2) (r + (1 - r) log(1 - r)) at r = R ||g|| / mu; log(1 - r) <= -r gives
the bound.

Where the Hessian is too large to be formed, and there is a penalty, Newton's method takes its steps by
conjugate gradients and a lower bound stands for mu (`least_curvature`).

Reference: Bach, Self-concordant analysis for logistic regression, Electronic Journal of Statistics, 2010,
proposition 1, eq. (3).
"""

import math
from typing import NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from optlab.core.arrays import Array
from optlab.datasets.dataset import Dataset
from optlab.models.model import LinearScores, Model
from optlab.models.smoothness import smoothness
from optlab.objective.objective import Objective
from optlab.objective.oracle import COUNTERS, Oracle
from optlab.objective.penalty import Penalty
from optlab.optimizers.newton import newton
from optlab.optimizers.newton_cg import newton_cg

GRADIENT_NORM = 1e-12
GAP = 1e-12
MAX_STEPS = 100
MAX_WORK = 2e10  # n P^2, which a Hessian costs
MAX_PRODUCTS = 500  # of the Hessian with a vector, in a step
MAX_MULTIPLICATIONS = 1e11  # that all these products may take: about a minute
CONVEX = {"logistic": 1.0, "softmax": math.sqrt(2.0)}  # and R for rows of length 1


class Optimum(NamedTuple):
    """The least cost there is, or why it is not known."""

    cost: float  # NaN: not known
    gap: float = math.nan  # J(w) - J* is at most this
    gradient_norm: float = math.nan
    mu: float = math.nan  # least and largest eigenvalue of the Hessian at the minimum, zeros left out
    sharpness: float = math.nan  # both NaN: it is too large for its eigenvalues
    L: float = math.nan  # the Hessian has no larger eigenvalue anywhere
    reason: str = ""  # why there is none


# small matrices: threads would wait for one another
@threadpool_limits.wrap(limits=1)  # type: ignore[untyped-decorator]
def minimum(model: LinearScores, dataset: Dataset, penalty: Penalty) -> Optimum:
    """The certified minimum of the cost of a model of `CONVEX` on the training part.

    The penalty is quadratic: of no other is there a certificate.

    Returns:
        A cost of NaN with the reason: the data are separable, so that the cost has no minimum, or the
        certificate was not reached.
    """
    x = dataset.train.x
    samples = model.prepare(dataset.train, np.dtype(float))
    unknown = Optimum(math.nan, L=smoothness(model, x, samples.weight).with_penalty(penalty.max_curvature).L)
    large = x.shape[0] * model.n_parameters**2 > MAX_WORK
    costly = f"Newton's method on {model.n_parameters:,} parameters is too costly"
    if large and not penalty:
        return unknown._replace(reason=costly)
    objective = Oracle(Objective(model, samples, penalty))
    w = model.initial(np.random.default_rng(0))[None]
    rule = newton_cg(products=MAX_PRODUCTS) if large else newton()
    state = rule.init(w, objective)
    with np.errstate(all="ignore"):
        for _ in range(MAX_STEPS):
            objective = objective.evaluated_at(w, accuracy=True)
            assert objective.evaluation is not None and objective.evaluation.accuracy is not None
            if not penalty and objective.evaluation.accuracy[0] == 1:
                return unknown._replace(reason="the classes are separable and there is no penalty")
            if np.linalg.norm(objective.gradient(w)) <= GRADIENT_NORM:
                break
            products = objective.counts[COUNTERS.index("hvp_evals"), 0]
            if 2 * products * x.size * model.n_scores > MAX_MULTIPLICATIONS:
                return unknown._replace(reason=costly)
            w, state = rule.update(w, state, objective)
        mu = least_curvature(model, w, x, samples.weight, penalty.strong_convexity) if large else None
        longest = math.sqrt((x * x).sum(1).max() + 1)
        return certified(objective, w, CONVEX[model.name] * longest, mu)._replace(L=unknown.L)


def least_curvature(model: Model, w: Array, x: Array, weight: Array | None, m: float) -> float:
    """A lower bound of the least eigenvalue of the Hessian at w (1, P), found without any matrix.

    The loss of sample i has a curvature of c_i = weight_i p (1 - p) or more in its scores, with p the least
    probability of a class: of logistic that is its curvature. Of softmax, sum_k p_k (u_k - mean)^2 is at
    least p times the square of what is left of u, a change of the scores, without the part that all have in
    common. That part leaves the loss as it is; in the weights its curvature is m, that of the penalty. Let c
    be the mean of the c_i and a = [b, 1] that of the rows [x_i, 1], weighted by c_i. The mean of squares is
    at least the square of the mean, so that for the weights u and the intercept s of a score

        v^T H v >= m ||u||^2 + c (b^T u + s)^2

    The least eigenvalue of this form is the lesser of two with the product m c and the sum
    m + c (1 + ||b||^2).
    """
    if model.penalty_mask.all():
        return m
    p = model.probabilities(w, x)[0].min(1)
    each = p * (1 - p) if weight is None else weight * p * (1 - p)
    if not each.any():
        return 0.0
    c, b = float(each.mean()), x.T @ each / each.sum()
    total = m + c * (1 + float(b @ b))
    return 2 * m * c / (total + math.sqrt(total**2 - 4 * m * c))


def certified(objective: Oracle, w: Array, change: float, bound: float | None = None) -> Optimum:
    """The cost at w (1, P) with the bound on the gap; NaN where the bound does not hold or is useless.

    Args:
        change: R, how fast the Hessian may change.
        bound: no eigenvalue of the Hessian is lower, zeros left out; None: its eigenvalues are computed.
    """
    value, gradient = objective.value_and_gradient(w)
    norm = float(np.linalg.norm(gradient))
    if not np.isfinite(norm):
        return Optimum(math.nan, reason="Newton's method diverged")
    mu, sharpness = math.nan, math.nan
    if bound is None:
        curvatures, directions = np.linalg.eigh(objective.hessian(w)[0])
        flat = curvatures <= 1e-10 * curvatures[-1]
        if not all(_constant(objective, w, value, v) for v in directions.T[flat]):
            return Optimum(math.nan, reason="the cost is too flat for Newton's method")
        mu, sharpness = float(curvatures[~flat].min()), float(curvatures[-1])
        bound = mu
    if bound <= 0 or change * norm > bound or norm**2 > GAP * bound:
        return Optimum(math.nan, reason=f"Newton's method stopped at a gradient norm of {norm:.1e}")
    return Optimum(float(value[0]), norm**2 / bound, norm, mu, sharpness)


def _constant(objective: Oracle, w: Array, value: Array, direction: Array) -> bool:
    """Whether J does not change along a line: J is convex, so two far points on it decide."""
    far = (1 + np.linalg.norm(w)) * direction
    return all(abs(objective.value(w + sign * far)[0] - value[0]) <= 1e-11 * value[0] for sign in (1, -1))
