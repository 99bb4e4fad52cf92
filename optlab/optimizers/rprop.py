"""Rprop."""

import math
from typing import Annotated, NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.options import Interval, OpenFraction, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rule, optimizer


class RpropState(NamedTuple):
    gradient: Array  # (R, P) of the step before; 0 where the sign had changed
    size: Array  # (R, P) step sizes


@optimizer("gradient", family="adaptive", batches="full", elementwise=True)
def rprop(
    lr: Positive = 0.01,
    shrink: OpenFraction = 0.5,
    grow: Annotated[float, Interval(1, math.inf, "()")] = 1.2,
    smallest: Positive = 1e-6,
    largest: Positive = 50.0,
) -> Rule:
    """Resilient propagation: steps that depend on the signs of the gradients only; for full batches.

        a <- min(a * grow, largest)        where g has the sign it had in the step before
        a <- max(a * shrink, smallest)     where the sign has changed, and g <- 0 there
        w <- w - a * sign(g)

    Args:
        lr: first step size a of every parameter, positive; a schedule does not act on it.
        shrink: factor of a where the sign of the gradient has changed, in (0, 1).
        grow: factor of a where it has not, above 1.
        smallest: least step size.
        largest: largest step size.

    Reference: Riedmiller and Braun, A Direct Adaptive Method for Faster Backpropagation Learning: The RPROP
    Algorithm, 1993; no step is taken back, as in PyTorch (Igel and Hüsken 2000: iRprop-).
    """

    def init(w: Array, objective: Oracle) -> RpropState:
        return RpropState(np.zeros_like(w), np.zeros_like(w) + lr)

    def update(w: Array, state: RpropState, objective: Oracle) -> tuple[Array, RpropState]:
        g = objective.gradient(w)
        agreement, a = g * state.gradient, state.size
        a = np.where(agreement > 0, grow * a, np.where(agreement < 0, shrink * a, a))
        a = np.minimum(np.maximum(a, smallest), largest)
        g = np.where(agreement < 0, 0, g)
        return w - a * np.sign(g), RpropState(g, a)

    return Rule(init, update)
