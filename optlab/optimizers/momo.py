"""MoMo."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array, quotient, row_dot
from optlab.core.options import Fraction, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rule, optimizer


class MomoState(NamedTuple):
    d: Array  # (R, P) running mean of g
    value: Array  # (R, 1) running mean of the batches' costs
    product: Array  # (R, 1) running mean of g.w


@optimizer("value", "gradient", family="Polyak", tuned=False)
def momo(lr: Positive = 1.0, beta: Fraction = 0.9, bound: float = 0.0) -> Rule:
    """MoMo: momentum whose step comes from a model of the cost that all batches seen support.

        d <- beta * d + (1 - beta) * g;        g, J_B and g.w themselves in the first step
        f <- beta * f + (1 - beta) * J_B
        c <- beta * c + (1 - beta) * g.w
        w <- w - min(lr, max(f + d.w - c - bound, 0) / ||d||^2) * d

    Args:
        lr: largest step, positive.
        beta: decay of the means, in [0, 1).
        bound: of the cost from below; 0 is one for every loss here.

    Reference: Schaipp, Ohana, Eickenberg, Defazio and Gower, MoMo: Momentum Models for Adaptive Learning
    Rates, 2024, algorithm 1, with the initial values and means of the authors' package.
    """

    def init(w: Array, objective: Oracle) -> MomoState | None:
        return None

    def update(w: Array, state: MomoState | None, objective: Oracle) -> tuple[Array, MomoState]:
        value, g = objective.value_and_gradient(w)
        now = MomoState(g, value[:, None].astype(w.dtype), row_dot(g, w))
        d, f, c = (beta * a + (1 - beta) * b for a, b in zip(state or now, now, strict=True))
        square = row_dot(d, d)
        gap = np.maximum(f + row_dot(d, w) - c - bound, 0)
        return w - np.minimum(lr, quotient(gap, square, square > 0)) * d, MomoState(d, f, c)

    return Rule(init, update)
