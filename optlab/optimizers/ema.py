"""Exponential averaging of iterates."""

from typing import Any, NamedTuple

from optlab.core.arrays import Array
from optlab.core.options import Fraction, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.inner import inner_rule
from optlab.optimizers.rule import Rule, optimizer


class EmaState(NamedTuple):
    x: Array  # (R, P) the iterate of the inner rule
    inner: Any  # its state


@optimizer("gradient_elsewhere", family="wrapper")
def ema(
    inner: str = "adam",
    lr: Positive = 1e-3,
    options: dict[str, Any] | None = None,
    decay: Fraction = 0.99,
) -> Rule:
    """EMA: a weighted mean of another rule's iterates, recent ones weighing most, as the answer.

        x <- the inner rule's step from x
        w <- decay * w + (1 - decay) * x

    The parameters of a run are w: the reported cost is that of the mean, while gradients are taken at x.

    Args:
        inner: the rule, any first-order method.
        lr: its learning rate, positive.
        options: its other options, such as {beta1: 0.8}; null: its defaults.
        decay: of the mean, in [0, 1).

    Reference: Ruppert, Efficient Estimations from a Slowly Convergent Robbins-Monro Process, 1988, for
    averaging; Morales-Brotons, Vogels and Hendrikx, Exponential Moving Average of Weights in Deep Learning,
    2024, eq. (1).
    """
    rule = inner_rule("ema", inner, lr, options)

    def init(w: Array, objective: Oracle) -> EmaState:
        return EmaState(w, rule.init(w, objective))

    def update(w: Array, state: EmaState, objective: Oracle) -> tuple[Array, EmaState]:
        x, own = rule.update(state.x, state.inner, objective)
        return decay * w + (1 - decay) * x, EmaState(x, own)

    return Rule(init, update)
