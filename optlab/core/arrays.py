"""Array alias and the letters of all shapes.

R runs, P parameters, n samples, B samples of a batch, d features, C classes, T recorded points.
The run axis comes first in every array that belongs to a stack: parameters are (R, P), a number that
differs between runs is (R, 1), a number per run is (R,).
"""

import ctypes
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

CACHE_ELEMENTS = 2**17
"""Numbers that one pass over an array keeps at a time; 1 MiB of float64 stays in a core's L2 cache."""


def keep_freed_memory() -> None:
    """Ask the C library (glibc) to keep freed memory instead of handing it back to the system.

    Temporaries of a few hundred KiB are then reused at once. Otherwise each of them is mapped anew and
    its pages are cleared one by one, which costs more than the arithmetic done on it.
    """
    m_trim_threshold, m_mmap_threshold, max_bytes = -1, -3, 2**30
    with suppress(OSError, AttributeError):  # another C library
        libc = ctypes.CDLL(None)
        libc.mallopt(m_mmap_threshold, max_bytes)
        libc.mallopt(m_trim_threshold, max_bytes)


def scalar_per_run(values: list[float], dtype: np.dtype | type) -> float | Array:
    """One number for all runs where they agree, else an (R, 1) array."""
    if all(value == values[0] for value in values):
        return values[0]
    return np.array(values, dtype)[:, None]


def is_zero(number: float | Array) -> bool:
    """Whether a hyperparameter is 0 in all runs: what it multiplies need not be computed."""
    return not isinstance(number, np.ndarray) and number == 0


def has_zero(number: float | Array) -> bool:
    """Whether a hyperparameter is 0 in some run."""
    return not number.all() if isinstance(number, np.ndarray) else number == 0


def row_dot(a: Array, b: Array) -> Array:
    """Inner products (R, 1) of the rows of a and b (R, P)."""
    return np.vecdot(a, b)[:, None]


def row_norm(a: Array) -> Array:
    """Euclidean norms (R, 1) of the rows of a (R, P)."""
    return np.sqrt(row_dot(a, a))


def per_matrix(number: float | Array) -> float | Array:
    """A number that differs between runs, (R, 1), as it broadcasts with their matrices (R, m, n)."""
    return number[..., None] if isinstance(number, np.ndarray) else number


def quotient(a: float | Array, b: Array, where: Array, otherwise: float | Array = 0.0) -> Array:
    """a / b where `where` is true, else `otherwise`; nothing is divided there."""
    return np.where(where, a / np.where(where, b, 1), otherwise).astype(b.dtype, copy=False)


def shared_product(x: Array, weights: Array) -> Array:
    """W^T x^T of every run, for inputs x (B, d), dense or CSR, that all runs share: (R, d, h) -> (R, h, B).

    The weights of all runs below one another make one tall product, which is faster than one product a run:
    x is read once, and few columns use a processor badly.
    """
    n_runs, d, h = weights.shape
    tall = np.ascontiguousarray(weights.swapaxes(1, 2)).reshape(n_runs * h, d)
    return np.ascontiguousarray(tall @ x.T).reshape(n_runs, h, x.shape[0])


def shared_outer_product(x: Array, delta: Array, out: Array) -> None:
    """x^T delta^T of every run into `out` (R, d, h), for shared x (B, d) and delta (R, h, B)."""
    columns = delta.reshape(-1, x.shape[0]).T  # (B, R h)
    if isinstance(x, np.ndarray):
        wide = np.matmul(x.T, columns, dtype=out.dtype)  # (d, R h)
    else:
        wide = (x.T @ columns).astype(out.dtype, copy=False)
    _rows_as_items(out)[...] = _rows_as_items(wide.reshape(len(wide), len(out), -1)).T


def _rows_as_items(matrices: Array) -> Array:
    """A view (., .) of (., ., h) whose items are whole rows, so that rows move as one piece of memory."""
    return matrices.view(f"V{matrices.shape[2] * matrices.itemsize}")[..., 0]


def column_counts(mask: Array) -> Array:
    """Number of true elements in every column of a contiguous (n, R) mask.

    Bytes are added in lanes of 64 rows, which is several times faster than mask.sum(0).
    """
    rows = len(mask) // 64 * 64
    lanes = np.add.reduce(mask[:rows].view(np.uint8).reshape(64, -1), axis=0, dtype=np.uint8)
    counts = np.add.reduce(lanes.reshape(-1, mask.shape[1]), axis=0)
    return counts + mask[rows:].sum(0) if rows < len(mask) else counts


def solve_positive_definite(matrices: Array, vectors: Array, damping: float | Array = 0.0) -> Array:
    """Solve (H + damping I) x = b in every row by a Cholesky factorisation.

    A pivot is judged beside its own diagonal element: it is the share of it that the variables before leave
    unexplained. So x follows a change of units to rounding: H -> S H S, b -> S b with a positive diagonal S.
    A pivot that is rounding alone is mended by 10 times that rounding, added to the diagonal relative to each
    element. Where that is not enough the matrix has a negative eigenvalue, and the first of a growing
    sequence of multiples of the identity that mends it is added.

    Args:
        matrices: symmetric H (R, P, P).
        vectors: b (R, P).
        damping: a number or (R, 1).

    Returns:
        x (R, P); NaN in rows that are not finite.

    Reference: Nocedal and Wright, Numerical Optimization, 2nd ed. 2006, algorithm 3.3.
    """
    dampings = np.broadcast_to(np.ravel(damping), len(matrices)).astype(matrices.dtype)
    rows = zip(matrices, vectors, dampings, strict=True)
    return np.stack([_solve_one(h, b, number) for h, b, number in rows]).astype(vectors.dtype)


def _solve_one(h: Array, b: Array, damping: float) -> Array:
    from scipy.linalg import cho_factor, cho_solve

    if not (np.isfinite(h).all() and np.isfinite(b).all()):
        return np.full_like(b, np.nan)
    places = np.arange(len(h))
    rounding = len(h) * np.finfo(h.dtype).eps  # what a pivot may be wrong by, beside its element
    for shift in _shifts(h.diagonal() + damping, rounding):
        shifted = h.copy()
        shifted[places, places] += damping + shift
        diagonal = shifted.diagonal().copy()
        try:
            factor = cho_factor(shifted, lower=True, overwrite_a=True, check_finite=False)
        except np.linalg.LinAlgError:
            continue
        if (factor[0].diagonal() ** 2 > rounding * diagonal).all():
            return cho_solve(factor, b, check_finite=False)
    return np.full_like(b, np.nan)  # no shift that is finite is large enough


def _shifts(diagonal: Array, rounding: float) -> Iterator[float | Array]:
    """What may be added to a diagonal (P,) to make its matrix positive definite, the least first."""
    yield 0.0
    size = np.abs(diagonal)
    mean = size.mean() or 1.0
    yield 10 * rounding * np.where(size > 0, size, mean)
    multiple = np.sqrt(np.finfo(diagonal.dtype).eps) * mean
    while np.isfinite(multiple):
        yield multiple
        multiple *= 10
