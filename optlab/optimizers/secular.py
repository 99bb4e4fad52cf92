"""Minimisers of quadratic models whose length is limited: those of trust regions and of cubic models."""

from collections.abc import Callable

import numpy as np

from optlab.core.arrays import Array, quotient, row_dot

BISECTIONS = 100


def limited_minimiser(
    matrices: Array, g: Array, limit: Callable[[Array], Array], most: Array
) -> tuple[Array, Array]:
    """p with (H + a I) p = -g, for the least a >= 0 with H + a I positive semidefinite and p short enough.

    H is diagonalised once; ||p|| falls with a, which bisection finds. In the hard case g has no part along
    the lowest curvature, and p is too short at the least a: it is lengthened in that direction.

    Args:
        matrices: symmetric H (R, P, P).
        g: gradients (R, P).
        limit: a (R, 1) -> how long p may be (R, 1), the same for all a or growing with a: constant for the
            minimiser of g.p + p.H p / 2 in a trust region, a / s for that of g.p + p.H p / 2 + s ||p||^3 / 3.
        most: (R, 1) a large enough, beside the least allowed.

    Returns:
        p (R, P) and p.H p (R, 1); 0 in runs that are not finite.

    Reference: Conn, Gould and Toint, Trust-Region Methods, 2000, section 7.3; Cartis, Gould and Toint,
    Adaptive cubic regularisation methods for unconstrained optimization, part I, 2011, section 6.1.
    """
    sound: Array = np.isfinite(matrices.sum((1, 2)) + g.sum(1))[:, None]
    identity = np.eye(g.shape[1], dtype=g.dtype)
    values, vectors = np.linalg.eigh(np.where(sound[:, :, None], matrices, identity))
    c = np.einsum("rpq,rp->rq", vectors, np.where(sound, g, 0))
    least = np.maximum(-values[:, :1], 0)
    from_least = values + least  # at least 0

    def coefficients(a: Array) -> Array:
        return quotient(-c, from_least + a, from_least + a > 0)

    def is_long(a: Array) -> Array:
        p = coefficients(a)
        unbounded = ((from_least + a <= 0) & (c != 0)).any(1, keepdims=True)
        return unbounded | (np.sqrt(row_dot(p, p)) > limit(least + a))

    low, high = np.zeros_like(least), np.where(is_long(np.zeros_like(least)), most, 0).astype(g.dtype)
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        long = is_long(middle)
        low, high = np.where(long, middle, low), np.where(long, high, middle)
    p = coefficients(high)
    missing = np.maximum(limit(least + high) ** 2 - row_dot(p, p), 0)
    p[:, :1] += np.where((least > 0) & (high == 0), np.sqrt(missing), 0)
    return np.einsum("rpq,rq->rp", vectors, p), row_dot(values * p, p)
