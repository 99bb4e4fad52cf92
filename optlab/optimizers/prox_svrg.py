"""Proximal stochastic variance-reduced gradient."""

from optlab.core.options import Count
from optlab.optimizers.proximal import proximal
from optlab.optimizers.rule import Rate, Rule, optimizer
from optlab.optimizers.svrg import svrg


@optimizer(
    "gradient",
    "full_batch",
    "prox",
    family="proximal",
    batches="mini",
    auto=lambda known: 1 / (10 * known.L_max),
)
def prox_svrg(lr: Rate = 0.01, anchor_epochs: Count = 2) -> Rule:
    """Prox-SVRG: the step of `svrg` on the smooth part of the cost, then the proximal operator of the rest.

        every `anchor_epochs` epochs:   a <- w,   mu <- gradient at a, on all samples
        w <- prox(w - lr * (g(w) - g(a) + mu), lr),   both g on the batch of the step

    Args:
        lr: learning rate, positive; `auto` is 1 / (10 L_max), L_max the largest Lipschitz constant of the
            gradient of a sample's penalised loss.
        anchor_epochs: epochs between two anchors, at least 1.

    Reference: Xiao and Zhang, A Proximal Stochastic Gradient Method with Progressive Variance Reduction,
    2014, section 2; anchors at the last point instead of the mean of the points, as in `svrg`.
    """
    return proximal(svrg(lr, anchor_epochs), lr)
