"""Proximal SAGA."""

from optlab.optimizers.proximal import proximal
from optlab.optimizers.rule import Rate, Rule, optimizer
from optlab.optimizers.saga import saga


@optimizer(
    "sample_slopes", "prox", family="proximal", batches="mini", auto=lambda known: 1 / (3 * known.L_max)
)
def prox_saga(lr: Rate = 0.01) -> Rule:
    """SAGA with the proximal operator of the part of the penalty that is not smooth.

        w <- prox(u, lr),   u the point that a step of `saga` leads to

    Args:
        lr: learning rate, positive; `auto` is 1 / (3 L_max), L_max the largest Lipschitz constant of the
            gradient of a sample's penalised loss; proven for single samples drawn independently.

    Reference: Defazio, Bach and Lacoste-Julien, SAGA: A Fast Incremental Gradient Method With Support for
    Non-Strongly Convex Composite Objectives, 2014, eq. (1) and (2).
    """
    return proximal(saga(lr), lr)
