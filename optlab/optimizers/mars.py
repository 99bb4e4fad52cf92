"""MARS."""

from typing import Any, NamedTuple

import numpy as np

from optlab.core.arrays import Array, row_norm
from optlab.core.options import Fraction, NonNegative, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.inner import inner_rule, with_gradient
from optlab.optimizers.rule import Rule, optimizer


class MarsState(NamedTuple):
    g: Array  # (R, P) gradient of the step before
    inner: Any  # state of the inner rule


@optimizer("gradient", family="wrapper")
def mars(
    inner: str = "adamw",
    lr: Positive = 3e-3,
    options: dict[str, Any] | None = None,
    gamma: NonNegative = 0.025,
    beta: Fraction = 0.95,
) -> Rule:
    """MARS: another rule on gradients that are corrected by how they have changed since the last step.

        c = g + gamma * beta / (1 - beta) * (g - g_before);    g_before = 0 at first
        c <- c / max(||c||, 1)
        w <- the inner rule's step from w, with c in place of g

    Args:
        inner: the rule, any first-order method.
        lr: its learning rate, positive.
        options: its other options, such as {beta1: 0.95, beta2: 0.99}; null: its defaults.
        gamma: strength of the correction, at least 0.
        beta: decay of the inner rule's mean of gradients, in [0, 1).

    Reference: Yuan, Liu, Wu, Zhou and Gu, MARS: Unleashing the Power of Variance Reduction for Training Large
    Models, 2024, algorithm 2 (MARS-approx): g_before is of the batch before.
    """
    rule = inner_rule("mars", inner, lr, options)

    def init(w: Array, objective: Oracle) -> MarsState:
        return MarsState(np.zeros_like(w), rule.init(w, objective))

    def update(w: Array, state: MarsState, objective: Oracle) -> tuple[Array, MarsState]:
        g = objective.gradient(w)
        c = g + gamma * beta / (1 - beta) * (g - state.g)
        c = c / np.maximum(row_norm(c), 1)
        w, own = rule.update(w, state.inner, with_gradient(objective, c))
        return w, MarsState(g, own)

    return Rule(init, update)
