"""Katyusha."""

from typing import Literal, NamedTuple

import numpy as np

from optlab.core.arrays import Array, quotient
from optlab.core.options import Count, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rate, Rule, optimizer


class KatyushaState(NamedTuple):
    seen: int  # samples since the anchor was set; 0: a new one is due
    anchor: Array  # (R, P)
    mu: Array  # (R, P) gradient on all samples at the anchor
    z: Array  # (R, P) the iterate of the long steps
    total: Array  # (R, P) weighted sum of the points y since the anchor was set, the last one's weight 1
    weights: Array  # (R, 1) sum of the weights


@optimizer(
    "gradient_elsewhere",
    "full_batch",
    family="variance reduction",
    batches="mini",
    auto=lambda known: 1 / (3 * known.L_max),
)
def katyusha(lr: Rate = 0.01, mu: Positive | Literal["auto"] = 1e-3, anchor_epochs: Count = 2) -> Rule:
    """Katyusha: SVRG accelerated, with an anchor that also holds back; for mini-batches.

        every `anchor_epochs` epochs, that is m steps:
            a <- weighted mean of the y since the last anchor,   m_a <- gradient of J at a, on all samples
        t = min(sqrt(m mu lr), 1/2)
        x = t * z + a / 2 + (1/2 - t) * y
        v = g(x) - g(a) + m_a,   both g on the batch of the step
        z <- z - lr / t * v
        y <- x - lr * v,   with the weight (1 + mu lr / t)^j in the j-th step since the anchor

    The parameters of a run are y. Dropout is refused, as by `svrg`.

    Args:
        lr: learning rate, positive; `auto` is 1 / (3 L_max), L_max the largest Lipschitz constant of the
            gradient of a sample's penalised loss; proven for single samples drawn independently.
        mu: constant of strong convexity, positive; `auto` is that of the penalty, model.l2.
        anchor_epochs: epochs between two anchors, at least 1.

    Reference: Allen-Zhu, Katyusha: The First Direct Acceleration of Stochastic Gradient Methods, 2018,
    algorithm 1, option I.
    """

    def init(w: Array, objective: Oracle) -> KatyushaState:
        zero, number = np.zeros_like(w), np.zeros_like(w[:, :1])
        return KatyushaState(0, w, zero, w, zero, number)

    def update(w: Array, state: KatyushaState, objective: Oracle) -> tuple[Array, KatyushaState]:
        seen, a, m_a, z, total, weights = state
        if seen == 0:
            a = quotient(total, weights, weights > 0, a)
            m_a, total = objective.full_batch.gradient(a, clip=False), np.zeros_like(w)
            weights = np.zeros_like(weights)
        steps = anchor_epochs * objective.n_total / objective.n_samples
        t = np.minimum(np.zeros_like(weights) + (steps * mu * lr) ** 0.5, 0.5)  # type: ignore[operator]
        x = t * z + a / 2 + (0.5 - t) * w
        v = objective.clipped(objective.gradient(x, clip=False) - objective.gradient(a, clip=False) + m_a)
        z, y = z - lr / t * v, x - lr * v
        growth = 1 + mu * lr / t  # type: ignore[operator]
        total, weights = total / growth + y, weights / growth + 1
        seen += objective.n_samples
        due = seen >= anchor_epochs * objective.n_total
        return y, KatyushaState(0 if due else seen, a, m_a, z, total, weights)

    return Rule(init, update)
