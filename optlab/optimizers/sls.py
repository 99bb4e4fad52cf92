"""The stochastic line search."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array, row_dot
from optlab.core.options import Count, OpenFraction, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rule, optimizer


class SlsState(NamedTuple):
    step: Array  # (R, 1) last step length


@optimizer("value", "gradient", family="Polyak", tuned=False)
def sls(
    lr: Positive = 1.0,
    armijo: OpenFraction = 0.1,
    shrink: OpenFraction = 0.8,
    grow: Positive = 1.5,
    trials: Count = 15,
) -> Rule:
    """SGD with a line search on the batch of the step, for models that can fit every batch.

        a <- min(grow * a, lr);    a = lr at first
        a <- shrink * a    until J_B(w - a * g) <= J_B(w) - armijo * a * ||g||^2,  at most `trials` times
        w <- w - a * g

    Args:
        lr: largest step, positive.
        armijo: share of the predicted decrease that a step must reach, in (0, 1).
        shrink: factor of a step that is too long, in (0, 1).
        grow: factor of the step tried first, from one step to the next, positive.
        trials: steps that are shortened at most, at least 1; then the last is taken.

    Reference: Vaswani et al., Painless Stochastic Gradient: Interpolation, Line-Search, and Convergence
    Rates, 2019, algorithms 1 and 2; numbers as in jaxopt.
    """

    def init(w: Array, objective: Oracle) -> SlsState:
        return SlsState(np.zeros_like(w[:, :1]) + lr)

    def update(w: Array, state: SlsState, objective: Oracle) -> tuple[Array, SlsState]:
        value, g = objective.value_and_gradient(w)
        a, wanted = np.minimum(grow * state.step, lr), armijo * row_dot(g, g)
        rounding, searching = np.finfo(w.dtype).eps, np.arange(len(w))
        for _ in range(trials):
            i = searching
            there = objective.select_runs(i).value(w[i] - a[i] * g[i])
            short = (a * wanted)[i, 0] > value[i] - there + rounding
            searching = i[short]
            if len(searching) == 0:
                break
            a[searching] = (shrink * a)[searching]
        return w - a * g, SlsState(a)

    return Rule(init, update)
