"""Averaged stochastic gradient descent."""

from typing import NamedTuple

from optlab.core.arrays import Array
from optlab.core.options import Index, NonNegative, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.decay import add_decay
from optlab.optimizers.rule import Rule, optimizer


class AveragedState(NamedTuple):
    t: int
    x: Array  # (R, P) the iterate of SGD


@optimizer("gradient_elsewhere", family="gradient descent", elementwise=True)
def averaged_sgd(lr: Positive = 0.01, start: Index = 0, weight_decay: NonNegative = 0.0) -> Rule:
    """Polyak-Ruppert averaging: SGD on x, with the mean w of its iterates as the answer.

        x <- x - lr * g(x),    g(x) with weight_decay * x added
        w <- w + (x - w) / max(1, t - start)

    The parameters of a run are w: the reported cost is that of the averaged iterate, while gradients are
    taken at x. Until step `start` w is x.

    Args:
        lr: learning rate, positive; constant, or falling more slowly than 1 / t (see the schedules).
        start: number of first steps that are not averaged.
        weight_decay: coupled decay of all parameters (see `add_decay`), at least 0.

    Reference: Polyak and Juditsky, Acceleration of Stochastic Approximation by Averaging, 1992, eq. (3).
    PyTorch's ASGD(lambd=0, t0=start - 1) keeps the same mean but reports x; its lr has a schedule built in.
    """

    def init(w: Array, objective: Oracle) -> AveragedState:
        return AveragedState(0, w)

    def update(w: Array, state: AveragedState, objective: Oracle) -> tuple[Array, AveragedState]:
        t = state.t + 1
        x = state.x - lr * add_decay(objective.gradient(state.x), state.x, weight_decay)
        return w + (x - w) / max(1, t - start), AveragedState(t, x)

    return Rule(init, update)
