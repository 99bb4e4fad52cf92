"""Nesterov's method for strongly convex costs."""

from typing import Literal, NamedTuple

from optlab.core.arrays import Array
from optlab.core.options import Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rate, Rule, optimizer


class NesterovStrongState(NamedTuple):
    x: Array  # (R, P) where the last gradient step ended


@optimizer("gradient", family="accelerated", batches="full", auto=lambda known: 1 / known.L)
def nesterov_strong(lr: Rate = 0.01, mu: Positive | Literal["auto"] = 1e-3) -> Rule:
    """Nesterov's method with the constant momentum that is best for a strongly convex cost.

        b = (1 - sqrt(lr mu)) / (1 + sqrt(lr mu))
        x <- w - lr * g
        w <- x + b * (x - x_before)

    The parameters of a run are w, the point looked ahead to.

    Args:
        lr: learning rate, positive; `auto` is 1 / L, L the Lipschitz constant of the gradient.
        mu: constant of strong convexity, positive; `auto` is that of the penalty, model.l2: proven without an
            intercept (model.fit_intercept=false), which is not penalised.

    Reference: Nesterov, Lectures on Convex Optimization, 2nd ed. 2018, section 2.2.1, constant step
    scheme III.
    """

    def init(w: Array, objective: Oracle) -> NesterovStrongState:
        return NesterovStrongState(w)

    def update(w: Array, state: NesterovStrongState, objective: Oracle) -> tuple[Array, NesterovStrongState]:
        root = (lr * mu) ** 0.5  # type: ignore[operator]
        b = (1 - root) / (1 + root)
        x = w - lr * objective.gradient(w)
        return x + b * (x - state.x), NesterovStrongState(x)

    return Rule(init, update)
