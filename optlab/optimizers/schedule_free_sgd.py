"""Schedule-free SGD."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array, quotient
from optlab.core.options import Fraction, NonNegative, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.decay import add_decay
from optlab.optimizers.rule import Rule, optimizer


class ScheduleFreeState(NamedTuple):
    t: int
    z: Array  # (R, P) the iterate of SGD
    largest: Array  # (R, 1) largest learning rate so far
    total: Array  # (R, 1) sum of weights


@optimizer("gradient_elsewhere", family="schedule-free", elementwise=True)
def schedule_free_sgd(
    lr: Positive = 1.0,
    momentum: Fraction = 0.9,
    weight_decay: NonNegative = 0.0,
    power: NonNegative = 0.0,
    lr_power: NonNegative = 2.0,
) -> Rule:
    """Schedule-free SGD: gradients between the iterate z and its average w, which is the answer.

        y = momentum * w + (1 - momentum) * z
        z <- z - lr * (g(y) + weight_decay * y)
        c = t^power * (largest lr)^lr_power,    as a share of all c so far
        w <- (1 - c) * w + c * z

    The parameters of a run are w: the reported cost is that of the average.

    Args:
        lr: learning rate, positive; constant, at most with a warm-up.
        momentum: share of the average in y, in [0, 1).
        weight_decay: coupled decay of all parameters, at least 0.
        power: by which later iterates weigh more, at least 0.
        lr_power: by which iterates of a warm-up weigh less, at least 0.

    Reference: Defazio et al., The Road Less Scheduled, 2024, eq. (3) to (5).
    """

    def init(w: Array, objective: Oracle) -> ScheduleFreeState:
        return ScheduleFreeState(0, w, np.zeros_like(w[:, :1]), np.zeros_like(w[:, :1]))

    def update(w: Array, state: ScheduleFreeState, objective: Oracle) -> tuple[Array, ScheduleFreeState]:
        t, y = state.t + 1, momentum * w + (1 - momentum) * state.z
        z = state.z - lr * add_decay(objective.gradient(y), y, weight_decay)
        largest = np.maximum(state.largest, lr)
        weight = t**power * largest**lr_power
        total = state.total + weight
        c = quotient(weight, total, total > 0, 1 / t)  # lr^lr_power may be 0 to rounding
        return (1 - c) * w + c * z, ScheduleFreeState(t, z, largest, total)

    return Rule(init, update)
