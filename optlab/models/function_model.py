"""Costs that are formulas: their parameters are the point, their samples shifts of it."""

from collections.abc import Callable

import numpy as np

from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.datasets.dataset import Part
from optlab.models import passes
from optlab.models.functions import Formula
from optlab.models.layers import Layer
from optlab.models.model import Samples, Sums
from optlab.models.work import FUNCTION, Answer


class FunctionModel:
    """The cost of sample i is f(w - x_i), with a formula f of the parameters w (R, P) and a shift x_i (P,).

    There are no labels: every answer is that of the only class, and accuracies are NaN.
    """

    width = 1

    def __init__(
        self,
        name: str,
        formula: Formula,
        dimension: int,
        n_classes: int,
        start: list[float],
        curvatures: tuple[float, float] | None = None,
    ) -> None:
        """`start` is repeated to all parameters; `curvatures` bound those of f everywhere, if they are known.

        Raises:
            UserError: the data set is none of shifts, or the formula has another number of parameters.
        """
        if n_classes != 1:
            raise UserError(
                f"model={name}: the cost is a formula, which learns nothing from data; use dataset=shifts"
            )
        least, most = formula.dimensions
        if dimension < least or (most is not None and dimension > most):
            raise UserError(
                f"dataset.dimension={dimension} model={name}: the formula has {least} parameters"
                f"{'' if most else ' or more'}; set dataset.dimension={least}"
            )
        if not start:
            raise UserError("model.start=[]: there is no number; give one, or one for each parameter")
        self.name = name
        self.n_features = self.n_parameters = self.width = dimension
        self.n_classes = 1
        self.penalty_mask = np.ones(dimension)
        self.layers = (Layer("w", 0, (dimension,), True),)
        self.curvatures = curvatures
        self.minima = formula.minima(dimension)
        """Where f is least (k, P)."""
        self._formula = formula
        self._start = np.resize(np.array(start, float), dimension)

    def prepare(self, part: Part, dtype: np.dtype) -> Samples:
        return Samples(part.x.astype(dtype, copy=False), part.y)

    def initial(self, rng: np.random.Generator) -> Array:
        return self._start.copy()

    def loss_sums(
        self, w: Array, samples: Samples, weight: float, *, gradient: bool = False, correct: bool = False
    ) -> Sums:
        points = self._points(w, samples)
        loss = weight * self._formula.value(points).sum(1, dtype=np.float64)
        g = weight * self._formula.gradient(points).sum(1) if gradient else None
        return Sums(loss, g, np.full(len(w), np.nan) if correct else None)

    def hessian(self, w: Array, samples: Samples, weight: float) -> Array:
        return weight * self._formula.hessian(self._points(w, samples)).sum(1)

    def hessian_vector(
        self, w: Array, v: Array, samples: Samples, weight: float, gauss_newton: bool = False
    ) -> Array:
        return self.hessian_operator(w, samples, weight, gauss_newton)(np.arange(len(w)), v)

    def hessian_operator(
        self, w: Array, samples: Samples, weight: float, gauss_newton: bool = False
    ) -> Callable[[Array, Array], Array]:
        curvature = self._formula.gauss_newton if gauss_newton else self._formula.hessian
        matrices = weight * curvature(self._points(w, samples)).sum(1)
        return lambda runs, v: np.einsum("rpq,rq->rp", matrices[runs], v)

    def hessian_is_cheap(self, samples: Samples) -> bool:
        return False

    def least(self, samples: Samples) -> tuple[float, Array] | None:
        """The least mean of f over the samples and where it is (P,); None: it is not known.

        It is where all shifts are the same.
        """
        x = samples.x
        if not len(self.minima) or (x != x[0]).any():
            return None
        w = self.minima[:1] + x[:1]
        return float(self._formula.value(w - x[0])[0]), w[0]

    def probabilities(self, w: Array, x: Array) -> Array:
        return np.ones((len(w), len(x), 1), w.dtype)

    def predict(self, w: Array, x: Array) -> Array:
        return np.zeros((len(w), len(x)), np.int64)

    def work(self, samples: Samples, answer: Answer) -> float:
        once = FUNCTION * samples.x.size
        return once * self.n_parameters if answer in ("hessian", "curvature", "product") else once

    def _points(self, w: Array, samples: Samples) -> Array:
        """w - x_i (R, n, P)."""
        passes.count(len(w), len(samples.x))
        return w[:, None] - samples.x
