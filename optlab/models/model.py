"""What a model is: weighted sums of losses and gradients over samples, for a stack of runs.

`Model` is what every model has. What only some have are protocols of their own, and what asks for it makes
sure that it is there: `isinstance(model, Curvature)`.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np

from optlab.core.arrays import Array
from optlab.core.registry import Entry, Registry
from optlab.datasets.dataset import Part

REGISTRY: Registry[Entry] = Registry("model", "optlab.models", Entry)


class Samples(NamedTuple):
    """Training data laid out as a model reads them; the sample axis comes first."""

    x: Array  # (n, ...) inputs
    y: Array  # (n,) targets
    weight: Array | None = None  # (n,) factors of the samples' losses; None: all 1
    masks: tuple[Array, ...] = ()  # (h, n) of every hidden layer, see `dropout`; none: nothing is dropped

    def take(self, index: Any) -> "Samples":
        """The samples that `index` (positions or a slice) selects."""
        weight = None if self.weight is None else self.weight[index]
        return Samples(self.x[index], self.y[index], weight, tuple(mask[:, index] for mask in self.masks))

    def weighted(self, values: Array) -> Array:
        """Values (n, R), each row times the weight of its sample."""
        return values if self.weight is None else values * self.weight[:, None]


class Sums(NamedTuple):
    """Sums over samples at one point w of every run."""

    loss: Array  # (R,) float64
    gradient: Array | None  # (R, P)
    correct: Array | None
    """(R,) number of samples whose predicted label is right; of numbers, the sum of squared errors."""

    def __add__(self, other: "Sums") -> "Sums":  # type: ignore[override]
        pairs = zip(self, other, strict=True)
        return Sums(*[None if a is None or b is None else a + b for a, b in pairs])  # type: ignore[arg-type]


class Model(Protocol):
    """Loss functions of a stack: every method takes w (R, P) and treats its rows independently.

    `weight` multiplies every sample's loss: 1 / n turns sums into means.
    """

    name: str  # as in the configuration
    n_features: int
    n_classes: int
    n_parameters: int
    penalty_mask: Array  # (P,) 1 at weights, where penalties act, 0 at biases
    width: int  # numbers per sample and run that a pass over the data holds at a time

    def prepare(self, part: Part, dtype: np.dtype) -> Samples:
        """Lay out samples as the other methods read them, weighted as in training."""
        ...

    def initial(self, rng: np.random.Generator) -> Array:
        """Initial parameters (P,) of one run, drawn from its own generator."""
        ...

    def loss_sums(
        self, w: Array, samples: Samples, weight: float, *, gradient: bool = False, correct: bool = False
    ) -> Sums:
        """Weighted sum of losses; its gradient and the number of right answers if asked for."""
        ...

    def probabilities(self, w: Array, x: Array) -> Array:
        """Predicted probabilities (R, n, C) of the classes for inputs x (n, d)."""
        ...

    def predict(self, w: Array, x: Array) -> Array:
        """Predicted labels (R, n)."""
        ...


@runtime_checkable
class Curvature(Model, Protocol):
    """A model whose losses have second derivatives, so that values and Hessians guide a method."""

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

    def hessian_operator(
        self, w: Array, samples: Samples, weight: float, gauss_newton: bool = False
    ) -> Callable[[Array, Array], Array]:
        """The same product for many v at one w: positions of some runs and their v -> their products."""
        ...

    def hessian_is_cheap(self, samples: Samples) -> bool:
        """Whether the Hessian itself costs no more than a few products with it."""
        ...


@runtime_checkable
class LinearScores(Model, Protocol):
    """A model whose scores are linear in the parameters: K slopes of a sample's loss make its gradient."""

    n_scores: int  # K, of a sample
    curvature_bound: float | None  # of a sample's loss in its scores, where it is convex; None: not known

    def sample_slopes(self, w: Array, samples: Samples) -> Array:
        """Derivatives (R, K, B) of every sample's loss in its K scores."""
        ...

    def gradient_from_slopes(self, slopes: Array, samples: Samples, weight: float) -> Array:
        """The gradient (R, P) of the weighted sum of losses that has these slopes (R, K, B)."""
        ...


@runtime_checkable
class StatesCurvatures(Model, Protocol):
    """A model that may know how far the curvatures of every sample's loss in its parameters reach."""

    curvatures: tuple[float, float] | None  # the least and the largest anywhere, of a convex loss


@runtime_checkable
class StatesMinimum(Model, Protocol):
    """A model whose least loss may be known from its formula."""

    def least(self, samples: Samples) -> tuple[float, Array] | None:
        """The least mean loss over samples, and parameters (P,) that have it; None: it is not known."""
        ...


@runtime_checkable
class QuadraticLoss(Curvature, Protocol):
    """A model whose losses may have the same Hessian everywhere."""

    is_quadratic: bool


@runtime_checkable
class GradientAlone(Model, Protocol):
    """A model whose gradient costs less than its value and gradient."""

    def gradient_sum(self, w: Array, samples: Samples, weight: float) -> Array:
        """Gradient (R, P) of the weighted sum of losses, with the same bits as that of `loss_sums`."""
        ...


@runtime_checkable
class ConjugateLosses(Curvature, LinearScores, Protocol):
    """A model of one score whose losses may have a known convex conjugate."""

    has_conjugate: bool

    def conjugates(self, slopes: Array, samples: Samples) -> Array:
        """Values (n,) of the conjugates of the samples' losses, without their weights, at slopes (n,)."""
        ...

    def score_curvatures(self, w: Array, samples: Samples) -> Array:
        """Second derivatives (n, R) of the samples' losses in their scores, without their weights."""
        ...


@runtime_checkable
class HessianBlocks(Model, Protocol):
    """A model that computes the Hessian among some parameters alone."""

    def hessian_block(self, w: Array, samples: Samples, weight: float, positions: Array) -> Array:
        """Hessian (R, m, m) of the weighted sum of losses among the parameters at `positions` (R, m)."""
        ...


@runtime_checkable
class HiddenLayers(Model, Protocol):
    """A model with hidden layers."""

    hidden: tuple[int, ...]  # their sizes
    dropout: float  # probability with which a hidden unit is silenced in a training step

    def activity(self, w: Array, samples: Samples) -> Array:
        """Saturation and sparsity (2 x hidden layers, R) of one hidden layer after the other.

        Saturation is the share of activations (units times samples) whose derivative is below a twentieth of
        the activation function's largest: the ends of sigmoid and tanh, the negative side of relu. Sparsity
        is the share of activations that are exactly 0.

        References: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural
        networks, 2010, section 3; Glorot, Bordes and Bengio, Deep sparse rectifier neural networks, 2011.
        """
        ...
