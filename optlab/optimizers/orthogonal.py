"""The nearest orthogonal matrix, by products alone."""

import numpy as np

from optlab.core.arrays import Array, per_matrix

A, B, C = 3.4445, -4.7750, 2.0315
"""Steep at 0, so that few iterations do; singular values end between about 0.7 and 1.2."""


def orthogonal(x: Array, iterations: int, eps: float | Array) -> Array:
    """About U V^T for every x = U S V^T, by Newton and Schulz's iteration.

        x <- x / (||x|| + eps)
        x <- p x,    p = A + B x x^T + C (x x^T)^2    `iterations` times

    What multiplies x is a product of small matrices, as x x^T becomes p (x x^T) p: the long side is passed
    over twice, however many iterations there are.

    Args:
        x: matrices (R, m, n).
        eps: a number or (R, 1).

    Reference: Jordan et al., Muon: An optimizer for hidden layers in neural networks, 2024.
    """
    is_tall = x.shape[1] > x.shape[2]
    square = x.swapaxes(1, 2) @ x if is_tall else x @ x.swapaxes(1, 2)
    norm = np.sqrt(square.trace(axis1=1, axis2=2))[:, None, None] + per_matrix(eps)
    square = square / norm**2
    identity = np.eye(square.shape[1], dtype=x.dtype)
    factor = identity / norm
    for _ in range(iterations):
        p = A * identity + B * square + C * square @ square
        factor, square = p @ factor, p @ square @ p
    return x @ factor if is_tall else factor @ x
