"""The root that a step is divided by, and the division."""

import numpy as np

from optlab.core.arrays import Array, has_zero, is_zero, quotient


def root(square: Array, eps_root: float | Array) -> Array:
    """sqrt(square + eps_root): some papers and libraries guard against division by zero inside the root.

    Where eps_root is 0, it costs no pass over memory.
    """
    return np.sqrt(square if is_zero(eps_root) else square + eps_root)


def divided(a: float | Array, b: Array, eps: float | Array) -> Array:
    """a / b (R, P), and 0 where b is 0: a parameter stays whose squared gradients have all been 0.

    There is such a place only where `eps`, which is part of b, is 0; else it costs no pass over memory.
    """
    return quotient(a, b, b != 0) if has_zero(eps) else a / b
