"""Eigenvectors and powers of the symmetric matrices of a stack."""

import numpy as np

from optlab.core.arrays import Array


def inverse_power(matrices: Array, exponent: float) -> Array:
    """H^(-exponent) of positive definite H (R, n, n), or of diagonals (R, n, 1); NaN where not finite."""
    if matrices.shape[1] != matrices.shape[2]:
        return matrices**-exponent
    values, vectors = eigh(matrices)
    return (vectors * values[:, None] ** -exponent) @ vectors.swapaxes(1, 2)


def eigh(matrices: Array) -> tuple[Array, Array]:
    """Eigenvalues (R, n), least first, and eigenvectors (R, n, n) as columns; NaN where H is not finite."""
    finite = np.isfinite(matrices).all((1, 2)).reshape(-1)
    values, vectors = np.linalg.eigh(np.where(finite[:, None, None], matrices, np.eye(matrices.shape[1])))
    values[~finite] = vectors[~finite] = np.nan
    return values, vectors


def eigenbasis(matrices: Array) -> Array:
    """Eigenvectors (R, n, n) of positive semidefinite H as columns, those of the largest values first.

    Where H has a null space, eigenvectors in it are any: rounding would decide between them. Here fixed
    vectors, projected into it, do.
    """
    values, vectors = (part[..., ::-1] for part in eigh(matrices))
    null = _is_null(values)[:, None]
    projector = (vectors * null) @ vectors.swapaxes(1, 2)
    n = np.arange(1, matrices.shape[1] + 1)
    return orthonormal(np.where(null, projector @ np.cos(np.outer(n, n)).astype(matrices.dtype), vectors))


def power_iteration(matrices: Array, basis: Array) -> tuple[Array, Array]:
    """An eigenbasis Q (R, n, n) brought nearer to that of H by one step: orthonormal columns of H Q.

    Columns are sorted by q.H q, the largest first. Those with H q = 0 but for rounding stay as they are.

    Returns:
        The new basis, and which of the old columns each comes from (R, n).
    """
    product = matrices @ basis
    values = (basis * product).sum(1)
    null = _is_null(values)
    order = np.argsort(np.where(null, 0, -values), axis=1, stable=True)
    columns = np.where(null[:, None], basis, product)
    return orthonormal(np.take_along_axis(columns, order[:, None], 2)), order


def orthonormal(columns: Array) -> Array:
    """Orthonormal columns (R, n, n) that span the same spaces from the left; NaN where one is not finite."""
    finite = np.isfinite(columns).all((1, 2), keepdims=True)
    q = np.linalg.qr(np.where(finite, columns, 0)).Q
    return np.where(finite, q, np.nan).astype(columns.dtype, copy=False)


def _is_null(values: Array) -> Array:
    """Which eigenvalues (R, n) are 0, beside the largest, but for rounding, which their vectors magnify."""
    return values <= np.finfo(values.dtype).eps ** 0.4 * values.max(1, keepdims=True)
