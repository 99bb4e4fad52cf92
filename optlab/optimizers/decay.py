"""Coupled weight decay."""

from optlab.core.arrays import Array, is_zero


def add_decay(g: Array, w: Array, weight_decay: float | Array) -> Array:
    """g + weight_decay * w: the gradient of the cost with a penalty (weight_decay / 2) ||w||^2 added.

    All parameters decay, biases too, as in PyTorch; the penalty does not appear in the cost that is reported.
    Where nothing decays, g itself comes back: no pass over memory.
    """
    return g if is_zero(weight_decay) else g + weight_decay * w
