"""The heavy ball, best for quadratics."""

from typing import Literal, NamedTuple

from optlab.core.arrays import Array
from optlab.core.options import Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rate, Rule, optimizer


class HeavyBallState(NamedTuple):
    w: Array  # (R, P) parameters before the last step


@optimizer(
    "gradient",
    family="accelerated",
    batches="full",
    auto=lambda known: 4 / (known.L**0.5 + known.mu**0.5) ** 2,
)
def heavy_ball_optimal(lr: Rate = 0.01, mu: Positive | Literal["auto"] = 1e-3) -> Rule:
    """Heavy-ball momentum with the learning rate and the momentum that are best for a quadratic cost.

        b = (1 - sqrt(lr mu))^2
        w <- w - lr * g + b * (w - w_before)

    With lr = 4 / (sqrt(L) + sqrt(mu))^2, on a quadratic whose curvatures lie in [mu, L], errors fall by the
    factor (sqrt(L) - sqrt(mu)) / (sqrt(L) + sqrt(mu)) a step. On other convex costs it may cycle.

    Args:
        lr: learning rate, positive; `auto` is that one, of L, the Lipschitz constant of the gradient, and of
            the penalty's mu.
        mu: constant of strong convexity, positive; `auto` is that of the penalty, model.l2.

    Reference: Polyak, Some methods of speeding up the convergence of iteration methods, 1964, theorem 9.
    """

    def init(w: Array, objective: Oracle) -> HeavyBallState:
        return HeavyBallState(w)

    def update(w: Array, state: HeavyBallState, objective: Oracle) -> tuple[Array, HeavyBallState]:
        b = (1 - (lr * mu) ** 0.5) ** 2  # type: ignore[operator]
        return w - lr * objective.gradient(w) + b * (w - state.w), HeavyBallState(w)

    return Rule(init, update)
