"""What a model is: weighted sums of losses, gradients and Hessians over samples, for a stack of runs."""

from typing import Any, NamedTuple, Protocol

import numpy as np

from optlab.arrays import Array
from optlab.datasets.dataset import Part
from optlab.registry import Registry

REGISTRY = Registry("model", "optlab.models")


class Samples(NamedTuple):
    """Training data laid out as a model reads them; the sample axis comes first."""

    x: Array  # (n, ...) inputs
    y: Array  # (n,) targets

    def take(self, index: Any) -> "Samples":
        """The samples that `index` (positions or a slice) selects."""
        return Samples(self.x[index], self.y[index])


class Sums(NamedTuple):
    """Sums over samples at one point w of every run."""

    loss: Array  # (R,) float64
    gradient: Array | None  # (R, P)
    correct: Array | None  # (R,) number of samples whose predicted label is right

    def __add__(self, other: "Sums") -> "Sums":  # type: ignore[override]
        pairs = zip(self, other, strict=True)
        return Sums(*[None if a is None or b is None else a + b for a, b in pairs])  # type: ignore[arg-type]


class Model(Protocol):
    """Loss functions of a stack: every method takes w (R, P) and treats its rows independently.

    `weight` multiplies every sample's loss: 1 / n turns sums into means.
    """

    n_features: int
    n_classes: int
    n_parameters: int
    penalized: Array  # (P,) 1 where the L2 penalty acts, 0 at biases
    width: int  # numbers per sample and run that a pass over the data keeps at a time

    def prepare(self, part: Part, dtype: np.dtype) -> Samples:
        """Lay out samples as the other methods read them."""
        ...

    def initial(self, rng: np.random.Generator) -> Array:
        """Initial parameters (P,) of one run, drawn from its own generator."""
        ...

    def sums(
        self, w: Array, samples: Samples, weight: float, *, gradient: bool = False, correct: bool = False
    ) -> Sums:
        """Weighted sum of losses; its gradient and the number of right answers if asked for."""
        ...

    def hessian(self, w: Array, samples: Samples, weight: float) -> Array:
        """Hessian (R, P, P) of the weighted sum of losses."""
        ...

    def hessian_vector(
        self, w: Array, v: Array, samples: Samples, weight: float, gauss_newton: bool = False
    ) -> Array:
        """Product (R, P) of that Hessian, or of its Gauss-Newton part, with v (R, P), without forming it.

        The Gauss-Newton part J^T C J is never indefinite: J is the Jacobian of the scores, C the curvature of
        the loss in the scores; of a squared error, that of the output activations alone.
        """
        ...

    def probabilities(self, w: Array, x: Array) -> Array:
        """Predicted probabilities (R, n, C) of the classes for inputs x (n, d)."""
        ...

    def predict(self, w: Array, x: Array) -> Array:
        """Predicted labels (R, n)."""
        ...
