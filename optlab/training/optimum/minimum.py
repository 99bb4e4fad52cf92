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

All of this is done in units in which the Hessian has a diagonal of ones: w = s v with s_j = H_jj^(-1/2). Then
a change of units of the data changes nothing, and a direction is flat if its curvature is rounding. J and g
are computed beyond double precision (see `extended`), and the bound holds their rounding and that of J*.
Adding a number to a feature's weights of all classes of softmax changes the loss by nothing and the penalty
only for the worse, so that the minimum is one of those whose weights sum to 0, and all is done among them.

Where the Hessian is too large to be formed, and there is a penalty, Newton's method takes its steps by
conjugate gradients and a lower bound stands for mu (`least_curvature`).

Reference: Bach, Self-concordant analysis for logistic regression, Electronic Journal of Statistics, 2010,
proposition 1, eq. (3).
"""

import math
from typing import Any, NamedTuple, cast

import numpy as np
from threadpoolctl import threadpool_limits

from optlab.core.arrays import Array, solve_positive_definite
from optlab.core.streams import Purpose, stream
from optlab.datasets.dataset import Dataset
from optlab.models.model import LinearScores, Model
from optlab.models.smoothness import smoothness
from optlab.objective.objective import Objective
from optlab.objective.oracle import COUNTERS, Oracle
from optlab.objective.penalty import Penalty
from optlab.optimizers.newton import newton
from optlab.optimizers.newton_cg import newton_cg
from optlab.training.optimum.extended import Cost, Point
from optlab.training.optimum.separation import separation

GRADIENT_NORM = 1e-12
SETTLED = 1e-15  # a step that lowers J by a smaller share is one of the last
POLISHING = 8  # steps at most beyond double precision
MEASURED = 4  # times the rounding of J that is measured at the minimum is the rounding that is assumed
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
    rounding: float = math.nan  # of J in the runs, measured at the minimum: in float64
    rounding32: float = math.nan  # and in float32
    reason: str = ""  # why there is none


# small matrices: threads would wait for one another
@threadpool_limits.wrap(limits=1)  # type: ignore[untyped-decorator]
def minimum(model: LinearScores, dataset: Dataset, penalty: Penalty) -> Optimum:
    """The certified minimum of the cost of a model of `CONVEX` on the training part.

    The penalty is quadratic: of no other is there a certificate.

    Args:
        dataset: in float64.

    Returns:
        A cost of NaN with the reason: the classes are separable or quasi-separable, so that the cost has no
        minimum, or the certificate was not reached.
    """
    x, y = dataset.train
    samples = model.prepare(dataset.train, np.dtype(float))
    unknown = Optimum(math.nan, L=smoothness(model, x, samples.weight).with_penalty(penalty.max_curvature).L)
    large = x.shape[0] * model.n_parameters**2 > MAX_WORK
    costly = f"Newton's method on {model.n_parameters:,} parameters is too costly"
    if large and not penalty:
        return unknown._replace(reason=costly)
    objective = Oracle(Objective(model, samples, penalty))
    w = model.initial(stream(Purpose.INITIAL_PARAMETERS))[None]
    rule = newton_cg(products=MAX_PRODUCTS) if large else newton()
    state, before = rule.init(w, objective), math.inf
    with np.errstate(all="ignore"):
        for _ in range(MAX_STEPS):
            objective = objective.evaluated_at(w, accuracy=True)
            point = objective.evaluation
            assert point is not None and point.accuracy is not None
            if not penalty and point.accuracy[0] == 1:
                return unknown._replace(reason=_endless("separable"))
            value, norm = float(point.value[0]), np.linalg.norm(objective.gradient(w))
            if norm <= GRADIENT_NORM or (not large and before - value <= SETTLED * abs(value)):
                break
            products = objective.counts[COUNTERS.index("hvp_evals"), 0]
            if 2 * products * x.size * model.n_scores > MAX_MULTIPLICATIONS:
                return unknown._replace(reason=costly)
            before = value
            w, state = rule.update(w, state, objective)
        cost = Cost(model, x, samples, penalty)
        if large:
            mu = least_curvature(model, w, x, samples.weight, penalty.strong_convexity)
            optimum = bounded(cost.at(w[0]), np.ones(model.n_parameters), mu, _change(model, x, 1.0))
        else:
            optimum, w = certified(cost, objective, w, x)
        if math.isnan(optimum.cost) and not penalty:
            found = separation(x, y, model.n_scores, bool(model.n_parameters > x.shape[1] * model.n_scores))
            if found in ("separable", "quasi-separable"):
                optimum = Optimum(math.nan, reason=_endless(found))
        if not math.isnan(optimum.cost):
            optimum = with_rounding(optimum, model, dataset, penalty, w)
    return optimum._replace(L=unknown.L)


def _endless(separation: str) -> str:
    return f"the classes are {separation}: without a penalty the cost has no minimum"


def _change(model: LinearScores, x: Any, scale: Array | float) -> float:
    """R for parameters in units of `scale`, one for each feature of the longest row, [x, 1]."""
    n = x.shape[1] * model.n_scores
    weights = np.broadcast_to(scale, model.n_parameters)[:n].reshape(x.shape[1], -1).max(1)
    intercept = np.broadcast_to(scale, model.n_parameters)[n:].max(initial=0.0)
    rows = (x * x) @ weights**2
    return CONVEX[model.name] * math.sqrt(rows.max() + intercept**2)


def with_rounding(optimum: Optimum, model: Model, dataset: Dataset, penalty: Penalty, w: Array) -> Optimum:
    """The optimum with the rounding of J as runs compute it, measured at the minimum."""
    measured = []
    for dtype in (np.float64, np.float32):
        samples = model.prepare(dataset.train, np.dtype(dtype))
        stack = np.repeat(w.astype(dtype), 5, axis=0)  # a stack has other roundings than a run alone
        values = [Objective(model, samples, penalty).evaluate(part).value for part in (stack[:1], stack)]
        error = max(float(np.abs(value - optimum.cost).max()) for value in values)
        measured.append(MEASURED * (error + float(np.finfo(dtype).eps) * abs(optimum.cost)))
    return optimum._replace(rounding=measured[0], rounding32=measured[1])


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


def certified(cost: Cost, objective: Oracle, w: Array, x: Any) -> tuple[Optimum, Array]:
    """The cost near w (1, P) with the bound on the gap, and the parameters (1, P) where it is that.

    The last steps of Newton's method are taken here, beyond double precision.

    Returns:
        A cost of NaN where the bound does not hold or is useless.
    """
    model = cast(LinearScores, objective.objective.model)
    hessian = objective.hessian(w)[0]
    if not np.isfinite(hessian).all():
        return Optimum(math.nan, reason="Newton's method diverged"), w
    v = _centred(w[0].astype(cost.dtype), model)
    scale, basis = _units(hessian), _basis(_units(hessian), model)
    reduced = basis.T @ (scale[:, None] * hessian * scale) @ basis
    point, decrement = cost.at(v), math.inf
    for _ in range(POLISHING):
        g = (scale * point.gradient.astype(float)) @ basis
        step = scale * (basis @ solve_positive_definite(reduced[None], g[None])[0])
        last, decrement = decrement, float(point.gradient @ step)
        if not 0 < decrement < 0.5 * last:
            break
        v = _centred(v - step, model)
        point = cost.at(v)
    w = v[None].astype(float)
    hessian = objective.hessian(w)[0]
    scale, basis = _units(hessian), _basis(_units(hessian), model)
    curvatures, directions = np.linalg.eigh(basis.T @ (scale[:, None] * hessian * scale) @ basis)
    noise = len(scale) * np.finfo(float).eps * np.abs(curvatures).sum()
    flat = curvatures <= 10 * noise
    if not all(_constant(objective, w, scale * v) for v in (basis @ directions[:, flat]).T):
        return Optimum(math.nan, reason="the cost is too flat for Newton's method"), w
    mu = float(curvatures[~flat].min() - noise)
    own = np.linalg.eigvalsh(hessian)[int(flat.sum()) + _constant_sums(objective) :]
    optimum = bounded(point, scale, mu, _change(model, x, scale))
    return optimum._replace(mu=float(own[0]), sharpness=float(own[-1])), w


def _units(hessian: Array) -> Array:
    """(P,) units of the parameters in which a Hessian has a diagonal of ones."""
    diagonal = hessian.diagonal()
    return 1 / np.sqrt(np.where(diagonal > 0, diagonal, 1))


def _centred(w: Array, model: LinearScores) -> Array:
    """Parameters w (P,) of softmax moved to a sum of 0 over the classes; others as they are."""
    if model.n_scores == 1:
        return w
    rows = w.reshape(-1, model.n_scores)
    return (rows - rows.mean(1, keepdims=True)).ravel()


def _basis(scale: Array, model: LinearScores) -> Array:
    """(P, Q) orthonormal directions in units of `scale`; of softmax, those of sum 0 over the classes."""
    if model.n_scores == 1:
        return np.eye(len(scale))
    from scipy.linalg import block_diag

    sums = scale.reshape(-1, model.n_scores, 1)
    return block_diag(*np.linalg.qr(sums, mode="complete")[0][:, :, 1:])


def _constant_sums(objective: Oracle) -> int:
    """How many sums over the classes do not change J: those of parameters without a penalty."""
    model, penalty = cast(LinearScores, objective.objective.model), objective.objective.penalty
    if model.n_scores == 1:
        return 0
    free = np.count_nonzero(model.penalty_mask == 0) if penalty else model.n_parameters
    return int(free) // model.n_scores


def bounded(point: Point, scale: Array, mu: float, change: float) -> Optimum:
    """The cost at a point with the bound on the gap.

    Args:
        scale: (P,) units of the parameters; the others are in these.
        mu: no eigenvalue of the Hessian is lower, zeros left out.
        change: R, how fast the Hessian may change.
    """
    cost = float(point.value)
    norm = float(np.linalg.norm(scale * (np.abs(point.gradient).astype(float) + point.gradient_error)))
    if not np.isfinite(norm) or mu <= 0 or change * norm > mu or norm**2 > GAP * mu:
        return Optimum(math.nan, reason=f"Newton's method stopped at a gradient norm of {norm:.1e}")
    rounding = point.value_error + float(np.finfo(float).eps) * abs(cost)
    return Optimum(cost, norm**2 / mu + rounding, float(np.linalg.norm(point.gradient.astype(float))))


def _constant(objective: Oracle, w: Array, direction: Array) -> bool:
    """Whether J does not change along a line: J is convex, so two far points on it decide."""
    value = objective.value(w)[0]
    far = (1 + np.linalg.norm(w)) * direction
    return all(abs(objective.value(w + sign * far)[0] - value) <= 1e-11 * value for sign in (1, -1))
