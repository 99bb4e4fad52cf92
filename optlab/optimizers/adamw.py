"""AdamW."""

from optlab.core.arrays import Array
from optlab.core.options import Fraction, NonNegative, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.adam import AdamState, adam
from optlab.optimizers.rule import Rule, optimizer


@optimizer("gradient", family="adaptive", elementwise=True)
def adamw(
    lr: Positive = 1e-3,
    beta1: Fraction = 0.9,
    beta2: Fraction = 0.999,
    eps: NonNegative = 1e-8,
    eps_root: NonNegative = 0.0,
    weight_decay: NonNegative = 0.01,
) -> Rule:
    """AdamW: Adam with weight decay that is decoupled from the gradient and its scaling.

        w <- Adam's step from w (see `adam`) - lr * weight_decay * w

    Args:
        lr: learning rate, positive.
        beta1: decay of the mean of g, in [0, 1).
        beta2: decay of the mean of g^2, in [0, 1).
        eps: added to the root against division by zero.
        eps_root: added inside the root, at least 0; with eps=0 the only guard.
        weight_decay: decoupled decay of all parameters, biases too, at least 0; multiplied by lr, as in
            PyTorch (the paper multiplies by the schedule's factor alone).

    Reference: Loshchilov and Hutter, Decoupled Weight Decay Regularization, 2019, algorithm 2.
    """
    plain = adam(lr, beta1, beta2, eps, eps_root)

    def update(w: Array, state: AdamState, objective: Oracle) -> tuple[Array, AdamState]:
        new, state = plain.update(w, state, objective)
        return new - lr * weight_decay * w, state

    return Rule(plain.init, update)
