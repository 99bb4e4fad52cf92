"""Lookahead."""

from typing import Any, NamedTuple

from optlab.core.arrays import Array
from optlab.core.options import Count, Positive, UnitInterval
from optlab.objective.oracle import Oracle
from optlab.optimizers.inner import inner_rule
from optlab.optimizers.rule import Rule, optimizer


class LookaheadState(NamedTuple):
    t: int
    slow: Array  # (R, P)
    inner: Any  # state of the inner rule


@optimizer("gradient", family="wrapper")
def lookahead(
    inner: str = "adam",
    lr: Positive = 1e-3,
    options: dict[str, Any] | None = None,
    every: Count = 5,
    alpha: UnitInterval = 0.5,
) -> Rule:
    """Lookahead: every few steps the parameters go back, part of the way to where they were the last time.

        w <- the inner rule's step from w
        every `every` steps:    slow <- slow + alpha * (w - slow),    w <- slow;    slow = w at first

    Args:
        inner: the rule, any first-order method.
        lr: its learning rate, positive.
        options: its other options, such as {beta1: 0.8}; null: its defaults.
        every: steps from one return to the next, at least 1.
        alpha: share of the way that is kept, in (0, 1].

    Reference: Zhang, Lucas, Hinton and Ba, Lookahead Optimizer: k steps forward, 1 step back, 2019,
    algorithm 1; the inner rule's state stays as it is.
    """
    rule = inner_rule("lookahead", inner, lr, options)

    def init(w: Array, objective: Oracle) -> LookaheadState:
        return LookaheadState(0, w, rule.init(w, objective))

    def update(w: Array, state: LookaheadState, objective: Oracle) -> tuple[Array, LookaheadState]:
        t, slow = state.t + 1, state.slow
        w, own = rule.update(w, state.inner, objective)
        if t % every == 0:
            w = slow = slow + alpha * (w - slow)
        return w, LookaheadState(t, slow, own)

    return Rule(init, update)
