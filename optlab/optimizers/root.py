"""The root that a step is divided by."""

import numpy as np

from optlab.core.arrays import Array, is_zero


def root(square: Array, eps_root: float | Array) -> Array:
    """sqrt(square + eps_root): some papers and libraries guard against division by zero inside the root.

    Where eps_root is 0, it costs no pass over memory.
    """
    return np.sqrt(square if is_zero(eps_root) else square + eps_root)
