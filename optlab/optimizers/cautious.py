"""Cautious optimizers."""

from typing import Any

import numpy as np

from optlab.core.arrays import Array
from optlab.core.options import Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.inner import inner_rule, with_gradient
from optlab.optimizers.rule import Rule, State, optimizer


@optimizer("gradient", family="wrapper")
def cautious(inner: str = "adamw", lr: Positive = 1e-3, options: dict[str, Any] | None = None) -> Rule:
    """Cautious: a step of another rule, without what points up the gradient of the moment.

        d = the inner rule's step from w
        agree = d * g < 0,    P parameters
        w <- w + d * agree * P / (number that agree + 1)

    Args:
        inner: the rule, any first-order method.
        lr: its learning rate, positive.
        options: its other options, such as {beta1: 0.8}; null: its defaults.

    Reference: Liang, Chen, Liu and Liu, Cautious Optimizers: Improving Training with One Line of Code, 2024,
    algorithm 1; d is the complete step, weight decay included.
    """
    rule = inner_rule("cautious", inner, lr, options)

    def update(w: Array, state: State, objective: Oracle) -> tuple[Array, State]:
        g = objective.gradient(w)
        new, state = rule.update(w, state, with_gradient(objective, g))
        d = new - w
        agree = (d * g < 0).astype(w.dtype)
        scale = w.dtype.type(w.shape[1]) / (agree.sum(1, keepdims=True) + 1)
        return w + np.where(agree, d * scale, 0 * d), state

    return Rule(rule.init, update)
