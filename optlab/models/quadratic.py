"""Quadratic costs of a chosen spectrum."""

from collections.abc import Callable
from typing import Annotated

import numpy as np

from optlab.core.arrays import Array
from optlab.core.options import Index, Interval
from optlab.datasets.dataset import Part
from optlab.models import passes
from optlab.models.function_model import FunctionModel
from optlab.models.functions import Formula
from optlab.models.model import REGISTRY, Samples, Sums
from optlab.models.spectra import Spectrum, eigenvalues, rotation
from optlab.models.work import Answer


class Quadratic(FunctionModel):
    """f(u) = u^T H u / 2 with H = Q^T diag(eigenvalues) Q; samples are laid out as Q x_i.

    The mean over samples is f at w less their mean, and what they are apart: nothing is summed that cancels.
    """

    is_quadratic = True

    def __init__(
        self, dimension: int, n_classes: int, spectrum: Array, axes: Array | None, start: list[float]
    ) -> None:
        """`axes` (P, P) is Q; None: the identity."""
        bounds = float(spectrum.min()), float(spectrum.max())
        super().__init__("quadratic", _formula(spectrum, axes), dimension, n_classes, start, bounds)
        self.width = 1  # what is summed over samples is the same for all runs
        self._spectrum, self._axes = spectrum, axes

    def prepare(self, part: Part, dtype: np.dtype) -> Samples:
        x = part.x if self._axes is None else part.x @ self._axes.T
        return Samples(x.astype(dtype, copy=False), part.y)

    def loss_sums(
        self, w: Array, samples: Samples, weight: float, *, gradient: bool = False, correct: bool = False
    ) -> Sums:
        n, spectrum = len(samples.x), self._spectrum.astype(w.dtype)
        passes.count(len(w), n)
        mean = samples.x.mean(0)
        u = self._along_axes(w) - mean
        apart = np.square(samples.x - mean, dtype=np.float64).sum(0) @ self._spectrum
        loss = 0.5 * weight * (n * (np.square(u, dtype=np.float64) @ self._spectrum) + apart)
        g = w.dtype.type(weight * n) * self._back(spectrum * u) if gradient else None
        return Sums(loss, g, np.full(len(w), np.nan) if correct else None)

    def hessian(self, w: Array, samples: Samples, weight: float) -> Array:
        one = np.diag(self._spectrum)
        if self._axes is not None:
            one = (self._axes.T * self._spectrum) @ self._axes
        return np.repeat((weight * len(samples.x) * one).astype(w.dtype)[None], len(w), axis=0)

    def hessian_operator(
        self, w: Array, samples: Samples, weight: float, gauss_newton: bool = False
    ) -> Callable[[Array, Array], Array]:
        curvature = (weight * len(samples.x) * self._spectrum).astype(w.dtype)
        return lambda runs, v: self._back(curvature * self._along_axes(v))

    def least(self, samples: Samples) -> None:
        """Not known beforehand, but computed as that of every quadratic cost."""
        return None

    def work(self, samples: Samples, answer: Answer) -> float:
        turns = 0 if self._axes is None else 2 * self.n_parameters**2
        match answer:
            case "hessian":
                return float(self.n_parameters**2)
            case "curvature" | "product":
                return float(turns + self.n_parameters)
            case _:
                return float(turns + 3 * samples.x.size)

    def _along_axes(self, w: Array) -> Array:
        return w if self._axes is None else w @ self._axes.T.astype(w.dtype)

    def _back(self, u: Array) -> Array:
        return u if self._axes is None else u @ self._axes.astype(u.dtype)


def _formula(spectrum: Array, axes: Array | None) -> Formula:
    """Of its parts that `Quadratic` does not compute at once for all samples, none is asked for."""
    matrix = np.diag(spectrum) if axes is None else (axes.T * spectrum) @ axes
    return Formula(
        value=lambda x: 0.5 * np.einsum("...d,de,...e->...", x, matrix, x),
        gradient=lambda x: x @ matrix,
        hessian=lambda x: np.broadcast_to(matrix, (*x.shape, len(matrix))),
        gauss_newton=lambda x: np.broadcast_to(matrix, (*x.shape, len(matrix))),
        minima=lambda d: np.zeros((1, d)),
        dimensions=(1, None),
    )


@REGISTRY.register
def quadratic(
    dimension: int,
    n_classes: int,
    /,
    spectrum: Spectrum = "log",
    condition_number: Annotated[float, Interval(1, np.inf, "[)")] = 100.0,
    rotate: bool = False,
    spectrum_seed: Index = 42,
    start: list[float] = [1.0],  # noqa: B006  never modified; the default of the configuration
) -> Quadratic:
    """A quadratic cost, of noise too where the data set's shifts have some.

    Args:
        spectrum: the eigenvalues, or their form: ``log`` or ``deep``, see `spectra.eigenvalues`.
        condition_number: largest eigenvalue over the least, of ``log``.
        rotate: whether the axes are turned at random; else eigenvalue k is parameter k's curvature.
        spectrum_seed: what eigenvalues and axes are drawn with.
        start: where runs start, repeated to all parameters.

    Raises:
        UserError: a negative eigenvalue, or not one for each parameter.
    """
    rng = np.random.RandomState(spectrum_seed % 2**32)
    values = eigenvalues(spectrum, dimension, condition_number, rng)
    axes = rotation(dimension, rng) if rotate else None
    return Quadratic(dimension, n_classes, values, axes, start)
