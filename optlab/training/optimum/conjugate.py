"""The certified minimum of costs whose losses are functions of one score with a known conjugate.

    J(w) = sum_i s_i loss_i(m_i) + P(weights),   m = A w + c,   s_i = weight_i / n

with the margins or residuals m of `MarginModel`. By Fenchel's duality, for all u with A_j^T u = 0 for the
parameters j without a penalty,

    J* >= c^T u - sum_i s_i loss_i*(u_i / s_i) - P*(A^T u)

where P*(v) = sum (|v| - l1)_+^2 / (2 l2) or, without l2, 0 where |v| <= l1. At the minimum u_i = s_i
loss_i'(m_i), and both sides are equal. Near it u is made feasible along the curvatures of the losses, so that
slopes at an end of their range stay there, and is scaled for l1 (see `duality`).

Reference: Rockafellar, Convex Analysis, 1970, theorem 31.1.
"""

import math

import numpy as np
from threadpoolctl import threadpool_limits

from optlab.core.arrays import Array
from optlab.datasets.dataset import Dataset
from optlab.models.model import ConjugateLosses, Samples
from optlab.models.smoothness import has_smoothness, smoothness
from optlab.models.sparse import dense_columns
from optlab.objective.objective import Objective
from optlab.objective.oracle import Oracle
from optlab.objective.penalty import Penalty
from optlab.optimizers.lbfgs import lbfgs
from optlab.optimizers.newton import newton
from optlab.optimizers.rule import Rule
from optlab.training.optimum.minimum import MAX_WORK, Optimum, with_rounding

GRADIENT_NORM = 1e-13
WORST_GAP = 1e-6  # of J, that is still called a certificate
MAX_STEPS = 200
POLISHING = 4
ROUNDING = 64 * np.finfo(float).eps  # of a sum of any length, relative


@threadpool_limits.wrap(limits=1)  # type: ignore[untyped-decorator]
def conjugate_minimum(model: ConjugateLosses, dataset: Dataset, penalty: Penalty) -> Optimum:
    """The certified minimum on the training part, in float64, with a quadratic penalty or none.

    Returns:
        A cost of NaN with the reason where the bound is useless.
    """
    x = dataset.train.x
    samples = model.prepare(dataset.train, np.dtype(float))
    L = math.nan
    if has_smoothness(model):
        L = smoothness(model, x, samples.weight).with_penalty(penalty.max_curvature).L
    if x.shape[0] * model.n_parameters**2 > MAX_WORK:
        reason = f"Newton's method on {model.n_parameters:,} parameters is too costly"
        return Optimum(math.nan, L=L, reason=reason)
    objective = Oracle(Objective(model, samples, penalty))
    w = np.zeros((1, model.n_parameters))
    with np.errstate(all="ignore"):
        for rule in (lbfgs(), newton()):  # far away the Hessian of a loss with straight parts may be 0
            w = _descended(rule, w, objective)
        for _ in range(POLISHING):
            step = np.linalg.lstsq(objective.hessian(w)[0], objective.gradient(w)[0], rcond=None)[0]
            if not np.linalg.norm(objective.gradient(w - step)) < np.linalg.norm(objective.gradient(w)):
                break
            w = w - step
        gap = dual_gap(model, samples, penalty, objective, w)
        cost = float(objective.value(w)[0])
        gap += ROUNDING * abs(cost)
        if not gap <= WORST_GAP * abs(cost):
            reason = "the cost has no minimum, or one too far away to be certified"
            return Optimum(math.nan, L=L, reason=reason)
        curvatures = np.linalg.eigvalsh(objective.hessian(w)[0])
        curved = curvatures[curvatures > model.n_parameters * np.finfo(float).eps * curvatures[-1]]
        norm = float(np.linalg.norm(objective.gradient(w)))
        least = float(curved[0]) if len(curved) else math.nan
        optimum = Optimum(cost, gap, norm, least, float(curvatures[-1]), L)
        return with_rounding(optimum, model, dataset, penalty, w)


def _descended(rule: Rule, w: Array, objective: Oracle) -> Array:
    """w (1, P) after steps of a rule that lower the cost."""
    state, before = rule.init(w, objective), math.inf
    for _ in range(MAX_STEPS):
        objective = objective.evaluated_at(w)
        value = float(objective.value(w)[0])
        if np.linalg.norm(objective.gradient(w)) <= GRADIENT_NORM or not value < before:
            break
        before = value
        w, state = rule.update(w, state, objective)
    return w


def dual_gap(
    model: ConjugateLosses, samples: Samples, penalty: Penalty, objective: Oracle, w: Array
) -> float:
    """J at w (1, P) less the lower bound that its slopes give; infinite where they give none."""
    a, n, p = samples.x, len(samples.y), model.n_parameters
    share = np.full(n, 1 / n) if samples.weight is None else samples.weight / n  # s
    u = model.sample_slopes(w, samples)[0, 0] / n
    curvature = share * model.score_curvatures(w, samples)[:, 0]
    free = np.flatnonzero(model.penalty_mask == 0) if penalty else np.arange(p)
    columns = dense_columns(a, free)
    for _ in range(2):  # the second takes the rounding of the first
        matrix = (columns.T * curvature) @ columns
        u = u - curvature * (columns @ np.linalg.lstsq(matrix, columns.T @ u, rcond=None)[0])
    along = a.T @ u
    v = np.where(model.penalty_mask == 1, along[:-1], 0.0)
    l1, l2 = (float(penalty.strengths.get(name, 0.0)) for name in ("l1", "l2"))
    largest, excess = float(np.abs(v).max(initial=0.0)), 0.0
    if l2 > 0:
        excess = float((np.maximum(np.abs(v) - l1, 0) ** 2).sum() / (2 * l2))
    elif l1 > 0 and largest > l1:
        u, along = u * (l1 / largest), along * (l1 / largest)
    left = 2 * float(np.abs(along[free]) @ np.abs(w[0, free]))  # rounding, felt near the minimum
    dual = float(along[-1] - share @ model.conjugates(u / share, samples)) - excess
    gap = float(objective.value(w)[0]) - dual + left
    return gap if math.isfinite(gap) else math.inf
