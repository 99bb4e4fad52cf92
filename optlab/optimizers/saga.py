"""SAGA."""

from typing import Any, NamedTuple

from optlab.core.arrays import Array
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rate, Rule, optimizer


class SagaState(NamedTuple):
    table: Array  # (R, K, n) slope of every sample's loss in its scores, when it was last seen
    average: Array  # (R, P) gradient of the mean loss that has these slopes


@optimizer(
    "sample_slopes", family="variance reduction", batches="mini", auto=lambda known: 1 / (3 * known.L_max)
)
def saga(lr: Rate = 0.01) -> Rule:
    """SAGA: batch gradients corrected by what each sample's was when it was last seen; for linear models.

        s  = slopes of the losses of the batch's samples at w, in their scores
        d  = mean over the batch of (s - table) x          what has changed of the batch's gradient
        w <- w - lr * (d + average + gradient of the penalty)
        average <- average + (B / n) * d,   table <- s  for the samples of the batch

    A sample's gradient is its slopes times its inputs x: one number per sample and class is kept, never a
    gradient per sample. The table begins with the slopes at the first w. Made for batches that are drawn
    independently (training.sampling=independent): in permutations, the samples still to come are those with
    the oldest entries, which biases the step.

    Args:
        lr: learning rate, positive; `auto` is 1 / (3 L_max), L_max the largest Lipschitz constant of the
            gradient of a sample's penalised loss; proven for single samples drawn independently.

    Reference: Defazio, Bach and Lacoste-Julien, SAGA: A Fast Incremental Gradient Method With Support for
    Non-Strongly Convex Composite Objectives, 2014, eq. (1) and section 2; the penalty, which the table leaves
    out, is taken at w.
    """

    def init(w: Array, objective: Oracle) -> SagaState:
        table = objective.sample_slopes(w)
        return SagaState(table, objective.gradient_from_slopes(table))

    def update(w: Array, state: SagaState, objective: Oracle) -> tuple[Array, SagaState]:
        table, average = state
        batch: Any = (..., objective.positions)
        slopes = objective.sample_slopes(w)
        change = objective.gradient_from_slopes(slopes - table[batch])
        table[batch] = slopes
        step = change + average + objective.penalty_gradient(w)
        share = objective.n_samples / objective.n_total
        return w - lr * objective.clipped(step), SagaState(table, average + share * change)

    return Rule(init, update)
