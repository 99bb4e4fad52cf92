"""Sophia."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.options import Count, Fraction, NonNegative, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.hutchinson import hessian_diagonal
from optlab.optimizers.rule import Rule, optimizer


class SophiaState(NamedTuple):
    t: int
    m: Array  # (R, P) running mean of g
    h: Array  # (R, P) running mean of D


@optimizer("gradient", "hessian_vector", family="diagonal curvature", draws=True)
def sophia(
    lr: Positive = 0.06,
    beta1: Fraction = 0.96,
    beta2: Fraction = 0.99,
    eps: Positive = 1e-12,
    bound: Positive = 0.01,
    every: Count = 10,
    weight_decay: NonNegative = 0.0,
) -> Rule:
    """Sophia-H: momentum divided by the Hessian's diagonal, every coordinate of the step bounded.

        m <- beta1 * m + (1 - beta1) * g
        h <- beta2 * h + (1 - beta2) * D,    D = z * (H z), z random signs; every `every` steps, the first too
        w <- (1 - lr * weight_decay) * w - lr * clip(m / max(h, eps), -bound, bound)

    Args:
        lr: learning rate, positive.
        beta1: decay of the mean of g, in [0, 1).
        beta2: decay of the mean of D, in [0, 1).
        eps: least divisor, positive; where the curvature is below, steps are lr * bound long.
        bound: of a coordinate of the step, as a multiple of lr, positive.
        every: steps from one Hessian-vector product to the next, at least 1.
        weight_decay: decoupled decay of all parameters, at least 0.

    Reference: Liu, Li, Hall, Liang and Ma, Sophia: A Scalable Stochastic Second-order Optimizer for Language
    Model Pre-training, 2024, algorithms 1 and 3; z are signs, not Gaussian, and numbers as in
    pytorch-optimizer, whose lr * bound is the paper's lr.
    """

    def init(w: Array, objective: Oracle) -> SophiaState:
        return SophiaState(0, np.zeros_like(w), np.zeros_like(w))

    def update(w: Array, state: SophiaState, objective: Oracle) -> tuple[Array, SophiaState]:
        g, t, h = objective.gradient(w), state.t + 1, state.h
        m = beta1 * state.m + (1 - beta1) * g
        if state.t % every == 0:
            h = beta2 * h + (1 - beta2) * hessian_diagonal(objective, w, t)
        step = np.clip(m / np.maximum(h, eps), -bound, bound)
        return (1 - lr * weight_decay) * w - lr * step, SophiaState(t, m, h)

    return Rule(init, update)
