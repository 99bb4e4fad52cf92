"""Loopless SVRG."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.options import Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rate, Rule, optimizer


class LSvrgState(NamedTuple):
    t: int
    anchor: Array  # (R, P)
    mu: Array  # (R, P) gradient on all samples at the anchor


@optimizer(
    "gradient",
    "full_batch",
    family="variance reduction",
    draws=True,
    batches="mini",
    auto=lambda known: 1 / (6 * known.L_max),
)
def l_svrg(lr: Rate = 0.01, anchor_epochs: Positive = 1.0) -> Rule:
    """L-SVRG: SVRG whose anchor moves when a coin says so; for mini-batches.

        w <- w - lr * (g(w) - g(a) + mu),   both g on the batch of the step
        with probability B / (n anchor_epochs):
            a <- w before the step,   mu <- gradient of J at a, on all samples

    The first anchor is the first w. The coin is thrown from the run's seed. Dropout is refused, as by `svrg`.

    Args:
        lr: learning rate, positive; `auto` is 1 / (6 L_max), L_max the largest Lipschitz constant of the
            gradient of a sample's penalised loss; proven for single samples drawn independently.
        anchor_epochs: epochs between two anchors on average, positive.

    Reference: Kovalev, Horváth and Richtárik, Don't Jump Through Hoops and Remove Those Loops: SVRG and
    Katyusha are Better Without the Outer Loop, 2020, algorithm 1 and theorem 5.
    """

    def init(w: Array, objective: Oracle) -> LSvrgState:
        return LSvrgState(0, w, np.zeros_like(w))

    def update(w: Array, state: LSvrgState, objective: Oracle) -> tuple[Array, LSvrgState]:
        t, anchor, mu = state
        if t == 0:
            mu = objective.full_batch.gradient(w, clip=False)
        step = objective.gradient(w, clip=False) - objective.gradient(anchor, clip=False) + mu
        probability = objective.n_samples / (objective.n_total * anchor_epochs)
        moves = np.flatnonzero(objective.uniform(t) < probability)
        if len(moves):
            anchor, mu = anchor.copy(), mu.copy()
            anchor[moves] = w[moves]
            mu[moves] = objective.full_batch.select_runs(moves).gradient(w[moves], clip=False)
        return w - lr * objective.clipped(step), LSvrgState(t + 1, anchor, mu)

    return Rule(init, update)
