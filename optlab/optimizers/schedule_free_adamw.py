"""Schedule-free AdamW."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array, quotient
from optlab.core.options import Fraction, NonNegative, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.root import divided
from optlab.optimizers.rule import Rule, optimizer


class ScheduleFreeAdamwState(NamedTuple):
    t: int
    z: Array  # (R, P) the iterate of AdamW
    v: Array  # (R, P) running mean of g^2
    largest: Array  # (R, 1) largest learning rate so far
    total: Array  # (R, 1) sum of weights


@optimizer("gradient_elsewhere", family="schedule-free", elementwise=True)
def schedule_free_adamw(
    lr: Positive = 2.5e-3,
    beta1: Fraction = 0.9,
    beta2: Fraction = 0.999,
    eps: NonNegative = 1e-8,
    weight_decay: NonNegative = 0.0,
    power: NonNegative = 0.0,
    lr_power: NonNegative = 2.0,
) -> Rule:
    """Schedule-free AdamW: gradients between the iterate z and its average w, which is the answer.

        y = beta1 * w + (1 - beta1) * z
        v <- beta2 * v + (1 - beta2) * g(y)^2                    v_hat = v / (1 - beta2^t)
        z <- z - lr * (g(y) / (sqrt(v_hat) + eps) + weight_decay * y)
        c = t^power * (largest lr)^lr_power,    as a share of all c so far
        w <- (1 - c) * w + c * z

    The parameters of a run are w: the reported cost is that of the average.

    Args:
        lr: learning rate, positive; constant, at most with a warm-up.
        beta1: share of the average in y, in [0, 1).
        beta2: decay of the mean of g^2, in [0, 1).
        eps: added to the root against division by zero.
        weight_decay: decoupled decay of all parameters, at least 0.
        power: by which later iterates weigh more, at least 0.
        lr_power: by which iterates of a warm-up weigh less, at least 0.

    Reference: Defazio et al., The Road Less Scheduled, 2024, algorithm 1.
    """

    def init(w: Array, objective: Oracle) -> ScheduleFreeAdamwState:
        number = np.zeros_like(w[:, :1])
        return ScheduleFreeAdamwState(0, w, np.zeros_like(w), number, number)

    def update(
        w: Array, state: ScheduleFreeAdamwState, objective: Oracle
    ) -> tuple[Array, ScheduleFreeAdamwState]:
        t, y = state.t + 1, beta1 * w + (1 - beta1) * state.z
        g = objective.gradient(y)
        v = beta2 * state.v + (1 - beta2) * g**2
        step = divided(g, np.sqrt(v / (1 - beta2**t)) + eps, eps)
        z = state.z - lr * (step + weight_decay * y)
        largest = np.maximum(state.largest, lr)
        weight = t**power * largest**lr_power
        total = state.total + weight
        c = quotient(weight, total, total > 0, 1 / t)  # lr^lr_power may be 0 to rounding
        return (1 - c) * w + c * z, ScheduleFreeAdamwState(t, z, v, largest, total)

    return Rule(init, update)
