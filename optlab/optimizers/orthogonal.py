"""The nearest orthogonal matrix, by products alone."""

import numpy as np

from optlab.core.arrays import Array, per_matrix

A, B, C = 3.4445, -4.7750, 2.0315
"""Steep at 0, so that few iterations do; singular values end between about 0.7 and 1.2."""


def orthogonal(x: Array, iterations: int, eps: float | Array) -> Array:
    """About U V^T for every x = U S V^T, by Newton and Schulz's iteration.

        x <- x / (||x|| + eps)
        x <- A x + (B x x^T + C (x x^T)^2) x    `iterations` times

    Args:
        x: matrices (R, m, n).
        eps: a number or (R, 1).

    Reference: Jordan et al., Muon: An optimizer for hidden layers in neural networks, 2024.
    """
    is_tall = x.shape[1] > x.shape[2]
    x = x.swapaxes(1, 2) if is_tall else x
    x = x / (np.sqrt(np.einsum("rmn,rmn->r", x, x))[:, None, None] + per_matrix(eps))
    for _ in range(iterations):
        square = x @ x.swapaxes(1, 2)
        x = A * x + (B * square + C * square @ square) @ x
    return x.swapaxes(1, 2) if is_tall else x
