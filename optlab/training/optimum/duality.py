"""The certified minimum of a convex cost with an l1 penalty: bounded from below by its dual.

    J(w) = sum_i s_i loss_i(X w + b) + l1 ||w||_1 + (l2/2) ||w||^2,    s_i = weight_i / n

For cross-entropy the conjugate of a loss is the negative entropy of a distribution p_i over the classes, so
that by Fenchel's duality, for all p with sum_i s_i (p_i - e_i) = 0 if there is an intercept,

    J* >= sum_i s_i H(p_i) - P*(V),    V = X^T (s (p - e)),    e_i the class of sample i

with P*(V) = sum (|V| - l1)_+^2 / (2 l2), or, without l2, 0 where |V| <= l1 and infinite elsewhere. At the
minimum p are the predicted probabilities and both sides are equal. Near it they are made feasible: mixed with
the same distribution for all samples so that the sum is 0, then with e so that |V| <= l1.

OWL-QN leads near the minimum, Newton's method on the weights that are not 0 then takes the last digits.

Reference: Fenchel's duality, Rockafellar, Convex Analysis, 1970, theorem 31.1; the scaling, Ndiaye, Fercoq,
Gramfort and Salmon, Gap Safe Screening Rules for Sparsity Enforcing Penalties, 2017, eq. (11).
"""

import math
from typing import NamedTuple

import numpy as np
from scipy.special import entr
from threadpoolctl import threadpool_limits

from optlab.core.arrays import Array
from optlab.datasets.dataset import Dataset
from optlab.models.model import ConjugateLosses, LinearScores
from optlab.models.smoothness import smoothness
from optlab.objective.objective import Objective
from optlab.objective.oracle import Oracle
from optlab.objective.penalty import Penalty
from optlab.optimizers.owl_qn import least_subgradient, owl_qn
from optlab.training.optimum.conjugate import dual_gap
from optlab.training.optimum.minimum import MAX_WORK, Optimum, with_rounding

GAP = 1e-13  # of J, where the search ends
WORST_GAP = 1e-6  # of J, that is still called a certificate
MAX_STEPS = 5000
CHECK_EVERY = 25
MAX_PASSES = 2e11  # numbers of the data that are read: about two minutes
POLISHING = 6
ROUNDING = 64 * np.finfo(float).eps  # of a sum of any length, relative


class Bound(NamedTuple):
    """A cost and how far it is at most from the minimum."""

    cost: float
    gap: float
    w: Array  # (1, P)


def is_certified_here(penalty: Penalty) -> bool:
    """Whether a penalty consists of an l1 term and perhaps an l2 term."""
    return "l1" in penalty.strengths and penalty.strengths.keys() <= {"l1", "l2"}


@threadpool_limits.wrap(limits=1)  # type: ignore[untyped-decorator]
def composite_minimum(model: LinearScores, dataset: Dataset, penalty: Penalty) -> Optimum:
    """The certified minimum on the training part of logistic or softmax regression with cross-entropy, or of
    a model whose losses have a conjugate.

    Args:
        dataset: in float64.
        penalty: with an l1 and perhaps an l2 term, numbers.

    Returns:
        A cost of NaN with the reason where the bound is useless.
    """
    x = dataset.train.x
    samples = model.prepare(dataset.train, np.dtype(float))
    L = smoothness(model, x, samples.weight).with_penalty(penalty.max_curvature).L
    objective = Oracle(Objective(model, samples, penalty))
    small = x.shape[0] * model.n_parameters**2 <= MAX_WORK
    rule = owl_qn(history=30)
    w = np.zeros((1, model.n_parameters))
    state, best = rule.init(w, objective), Bound(math.inf, math.inf, w)
    with np.errstate(all="ignore"):
        for step in range(1, MAX_STEPS + 1):
            before = w
            w, state = rule.update(w, state, objective.evaluated_at(w))
            stands = bool((w == before).all())
            spent = objective.counts.sum() * x.size * model.n_scores > MAX_PASSES
            if step % CHECK_EVERY == 0 or stands or spent:
                for point in (w, polished(objective, w)) if small else (w,):
                    if isinstance(model, ConjugateLosses) and model.has_conjugate:
                        gap = dual_gap(model, samples, penalty, objective, point)
                        bound = Bound(float(objective.value(point)[0]), gap, point)
                    else:
                        bound = bounded(model, dataset, samples.weight, penalty, objective, point)
                    best = min(best, bound, key=lambda b: b.gap)
                if stands or spent or best.gap <= GAP * best.cost:
                    break
        if not best.gap <= WORST_GAP * best.cost:
            reason = f"the duality gap is still {best.gap:.1e}: the l1 penalty is too weak for this search"
            return Optimum(math.nan, L=L, reason=reason)
        slope = least_subgradient(best.w, objective.gradient(best.w), objective.l1(best.w))
        gap = best.gap + ROUNDING * abs(best.cost)
        optimum = Optimum(best.cost, gap, float(np.linalg.norm(slope)), L=L)
        return with_rounding(optimum, model, dataset, penalty, best.w)


def polished(objective: Oracle, w: Array) -> Array:
    """w (1, P) after steps of Newton's method on what is not 0; w itself if a sign would change."""
    l1 = objective.l1(w)[0]
    free = (w[0] != 0) | (l1 == 0)
    sign, end = np.sign(w[0, free]), w.copy()
    for _ in range(POLISHING):
        slope = objective.gradient(end)[0, free] + l1[free] * sign
        hessian = objective.hessian(end)[0][np.ix_(free, free)]
        end[0, free] -= np.linalg.lstsq(hessian, slope, rcond=None)[0]
        if not np.isfinite(end).all() or (np.sign(end[0, free]) != sign)[l1[free] > 0].any():
            return w
    return end


def bounded(
    model: LinearScores, dataset: Dataset, weight: Array | None, penalty: Penalty, objective: Oracle, w: Array
) -> Bound:
    """J at w (1, P) with the duality gap there."""
    x, y = dataset.train
    share = np.full(len(y), 1 / len(y)) if weight is None else weight / len(y)  # s
    p = model.probabilities(w, x)[0].astype(float)  # (n, classes)
    is_class = np.eye(p.shape[1])[y]
    if not model.penalty_mask.all():
        p = _balanced(p, is_class, share)
    rest = p - is_class
    v = x.T @ (share[:, None] * (rest[:, 1:] if model.n_scores == 1 else rest))
    l1, l2 = (float(penalty.strengths.get(name, 0.0)) for name in ("l1", "l2"))
    largest = float(np.abs(v).max(initial=0.0))
    excess = 0.0
    if l2 == 0 and largest > l1:
        p = is_class + l1 / largest * rest
    elif l2 > 0:
        excess = float((np.maximum(np.abs(v) - l1, 0) ** 2).sum() / (2 * l2))
    dual = float(share @ entr(np.maximum(p, 0)).sum(1)) - excess
    cost = float(objective.value(w)[0])
    return Bound(cost, cost - dual if math.isfinite(dual) else math.inf, w)


def _balanced(p: Array, is_class: Array, share: Array) -> Array:
    """Distributions p (n, classes), mixed with one for all samples: their mean becomes the classes'."""
    target, mean, total = share @ is_class, share @ p, share.sum()
    off = mean - target
    mixed = min(1.0, 2 * float(np.max(np.abs(off) / np.maximum(target, np.finfo(float).tiny))))
    if mixed == 0:
        return p
    q = (target - (1 - mixed) / mixed * off) / total
    return (1 - mixed) * p + mixed * q
