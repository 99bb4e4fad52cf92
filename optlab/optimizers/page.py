"""The probabilistic gradient estimator."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.options import Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rule, optimizer


class PageState(NamedTuple):
    t: int
    w: Array  # (R, P) parameters before the last step
    v: Array  # (R, P) estimate of the gradient there


@optimizer("gradient", "full_batch", family="variance reduction", draws=True, batches="mini")
def page(lr: Positive = 0.01) -> Rule:
    """PAGE: SARAH whose full gradients come when a coin says so; for mini-batches, costs of any shape.

        with probability B / (n + B), and in the first step:   v <- gradient of J at w, on all samples
        else:   v <- v + g(w) - g(w_before),   both g on the batch of the step
        w <- w - lr * v

    The coin is thrown from the run's seed. Dropout is refused, as by `svrg`.

    Args:
        lr: learning rate, positive.

    Reference: Li, Bao, Zhang and Richtárik, PAGE: A Simple and Optimal Probabilistic Gradient Estimator for
    Nonconvex Optimization, 2021, algorithm 1 with the probability of corollary 2.
    """

    def init(w: Array, objective: Oracle) -> PageState:
        return PageState(0, w, np.zeros_like(w))

    def update(w: Array, state: PageState, objective: Oracle) -> tuple[Array, PageState]:
        t, w_before, v = state
        batch, n = objective.n_samples, objective.n_total
        full = (objective.uniform(t) < batch / (n + batch))[:, 0] | (t == 0)
        i, j = np.flatnonzero(~full), np.flatnonzero(full)
        v = v.copy()
        if len(i):
            own = objective.select_runs(i)
            v[i] += own.gradient(w[i], clip=False) - own.gradient(w_before[i], clip=False)
        if len(j):
            v[j] = objective.full_batch.select_runs(j).gradient(w[j], clip=False)
        return w - lr * objective.clipped(v), PageState(t + 1, w, v)

    return Rule(init, update)
