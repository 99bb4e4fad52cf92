"""Proximal gradient descent."""

from optlab.core.arrays import Array
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rate, Rule, optimizer


@optimizer("gradient", "prox", family="proximal", batches="full", auto=lambda known: 1 / known.L)
def ista(lr: Rate = 0.01) -> Rule:
    """ISTA: a gradient step on the smooth part of the cost, then the proximal operator of the rest.

        w <- prox(w - lr * g, lr)

    With l1 the operator is the soft threshold, sign(u) * max(|u| - lr * l1, 0). Without a rough penalty this
    is gradient descent.

    Args:
        lr: learning rate, positive; `auto` is 1 / L, L the Lipschitz constant of g: every step then lowers a
            convex cost (lemma 2.3).

    Reference: Beck and Teboulle, A Fast Iterative Shrinkage-Thresholding Algorithm for Linear Inverse
    Problems, 2009, eq. (1.4) and (2.1), section 3: ISTA with constant stepsize.
    """

    def update(w: Array, state: None, objective: Oracle) -> tuple[Array, None]:
        return objective.prox(w - lr * objective.gradient(w), lr), None

    return Rule(lambda w, objective: None, update)
