"""Gradient descent with momentum."""

from typing import NamedTuple

from optlab.core.arrays import Array, is_zero
from optlab.core.options import Fraction, NonNegative, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.decay import add_decay
from optlab.optimizers.rule import Rule, optimizer


class MomentumState(NamedTuple):
    velocity: Array | None  # (R, P); None before the first step


@optimizer("gradient", family="accelerated", elementwise=True)
def momentum(
    lr: Positive = 0.01,
    momentum: Fraction = 0.9,
    dampening: Fraction = 0.0,
    weight_decay: NonNegative = 0.0,
) -> Rule:
    """Heavy-ball momentum.

        g <- g + weight_decay * w
        v <- momentum * v + (1 - dampening) * g;    v <- g in the first step
        w <- w - lr * v

    Args:
        lr: learning rate, positive.
        momentum: share of the velocity that is kept, in [0, 1).
        dampening: share of the gradient that is left out after the first step, in [0, 1); dampening=momentum
            makes v a weighted mean of gradients.
        weight_decay: coupled decay of all parameters (see `add_decay`), at least 0.

    Reference: Polyak, Some methods of speeding up the convergence of iteration methods, 1964, eq. (9);
    the learning rate multiplies the velocity, as in PyTorch's SGD.
    """

    def init(w: Array, objective: Oracle) -> MomentumState:
        return MomentumState(None)

    def update(w: Array, state: MomentumState, objective: Oracle) -> tuple[Array, MomentumState]:
        v = add_decay(objective.gradient(w), w, weight_decay)
        if state.velocity is not None:
            v = momentum * state.velocity + (v if is_zero(dampening) else (1 - dampening) * v)
        return w - lr * v, MomentumState(v)

    return Rule(init, update)
