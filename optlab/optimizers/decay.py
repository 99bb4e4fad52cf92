"""Coupled weight decay."""

import numpy as np

from optlab.core.arrays import Array


def add_decay(g: Array, w: Array, weight_decay: float | Array) -> Array:
    """g + weight_decay * w: the gradient of the cost with a penalty (weight_decay / 2) ||w||^2 added.

    All parameters decay, biases too, as in PyTorch; the penalty does not appear in the cost that is reported.
    Where nothing decays, g itself comes back: no pass over memory.
    """
    if isinstance(weight_decay, np.ndarray) or weight_decay != 0:
        return g + weight_decay * w
    return g
