"""Features in the scale and in the dtype of a run, dense or sparse."""

from typing import Any, NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.datasets.dataset import Part


class Scale(NamedTuple):
    """What is taken off each feature, and what the rest is divided by."""

    mean: Array | None  # (d,); None: nothing, of sparse data
    std: Array  # (d,); ∞ of constant columns


def scale_of(x: Array, features: tuple[str, ...]) -> Scale:
    """Mean and population standard deviation of training inputs x (n, d); constant columns become 0.

    Sparse data are divided by that deviation and not centred: a mean taken off would fill in every zero.

    Raises:
        UserError: values too large.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        mean, std = _dense_moments(x) if isinstance(x, np.ndarray) else _sparse_moments(x)
    if not np.isfinite(std).all():
        column = features[np.isfinite(std).argmin()]
        raise UserError(f"column '{column}': values too large to be standardised; rescale it")
    std[_is_constant(x)] = np.inf  # what is divided by infinity becomes 0
    if not std.all():
        raise UserError(f"column '{features[std.argmin()]}': values too close to be standardised; rescale it")
    return Scale(mean if isinstance(x, np.ndarray) else None, std)


def scaled(parts: list[Part], scale: Scale) -> list[Part]:
    """(x - mean) / std."""
    if scale.mean is not None:
        return [Part((part.x - scale.mean) / scale.std, part.y) for part in parts]
    columns: list[Any] = [part.x for part in parts]  # csr_array
    sparse = [_with_data(x, x.data / scale.std[x.indices]) for x in columns]
    return [Part(x, part.y) for x, part in zip(sparse, parts, strict=True)]


def converted(part: Part, divisor: float, dtype: np.dtype) -> Part:
    """`part` in the dtype of the run, divided by `divisor`; converted once, since images are large.

    Raises:
        UserError: values too large for `dtype`.
    """
    values = part.x if isinstance(part.x, np.ndarray) else part.x.data
    with np.errstate(over="ignore"):
        x = np.ascontiguousarray(values, dtype)
    if values.dtype.kind == "f" and x.size and not np.abs(x).max() < _largest(part.x.shape, dtype):
        remedy = "rescale them" if dtype == np.float64 else "set dtype=float64 or rescale them"
        raise UserError(
            f"dtype={dtype}: the data hold values too large for it, whose squares overflow; {remedy}"
        )
    if divisor != 1:
        x /= dtype.type(divisor)
    if not isinstance(part.x, np.ndarray):
        x = _with_data(part.x, x)
    return Part(x, np.ascontiguousarray(part.y, float if part.y.dtype.kind == "f" else np.int64))


def _largest(shape: tuple[int, int], dtype: np.dtype) -> float:
    """What products of two values, summed over rows or features, stay finite of."""
    return float(np.sqrt(float(np.finfo(dtype).max) / max(*shape, 1)))


def _dense_moments(x: Array) -> tuple[Array, Array]:
    """Mean and population standard deviation (d,) of the columns."""
    return x.mean(axis=0, dtype=np.float64), x.std(axis=0, dtype=np.float64)


def _sparse_moments(x: Any) -> tuple[Array, Array]:
    """The same of a csr_array; the squared deviations of the zeros that are not stored are added at once."""
    n, d = x.shape
    stored = np.bincount(x.indices, minlength=d)
    mean = np.bincount(x.indices, x.data, minlength=d) / n
    squares = np.bincount(x.indices, (x.data - mean[x.indices]) ** 2, minlength=d)
    return mean, np.sqrt((squares + (n - stored) * mean**2) / n)


def _is_constant(x: Array) -> Array:
    least, most = x.min(axis=0), x.max(axis=0)
    return least == most if isinstance(x, np.ndarray) else least.toarray() == most.toarray()


def _with_data(x: Any, data: Array) -> Any:
    """The csr_array that has other values in the places of x."""
    return type(x)((data, x.indices, x.indptr), shape=x.shape)
