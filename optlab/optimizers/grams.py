"""Grams."""

from typing import Any

import numpy as np

from optlab.core.arrays import Array
from optlab.core.options import Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.inner import inner_rule, with_gradient
from optlab.optimizers.rule import Rule, State, optimizer


@optimizer("gradient", family="wrapper")
def grams(inner: str = "adam", lr: Positive = 1e-3, options: dict[str, Any] | None = None) -> Rule:
    """Grams: every parameter moves as far as another rule says, down the gradient of the moment.

        d = the inner rule's step from w
        w <- w - |d| * sign(g)

    Args:
        inner: the rule, any first-order method.
        lr: its learning rate, positive.
        options: its other options, such as {beta1: 0.8}; null: its defaults.

    Reference: Cao, Li and Song, Grams: Gradient Descent with Adaptive Momentum Scaling, 2024, algorithm 1.
    """
    rule = inner_rule("grams", inner, lr, options)

    def update(w: Array, state: State, objective: Oracle) -> tuple[Array, State]:
        g = objective.gradient(w)
        new, state = rule.update(w, state, with_gradient(objective, g))
        return w - np.abs(new - w) * np.sign(g), state

    return Rule(rule.init, update)
