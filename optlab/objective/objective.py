"""The cost of the runs of a stack: their mean loss on some samples, and their penalty.

    J(w) = (1/n) sum_i loss_i(w) + P(weights)        (see `penalty`; biases and intercept are not penalised)

A pure function: what a rule may ask of it, and what is counted and remembered, is the oracle's.
"""

from collections.abc import Callable, Sequence
from functools import reduce
from operator import add
from typing import Any, cast

import numpy as np

from optlab.core.arrays import Array
from optlab.core.copying import copy_with
from optlab.models.dropout import masks
from optlab.models.layers import layers_of
from optlab.models.model import Curvature, HessianBlocks, HiddenLayers, LinearScores, Model, Samples
from optlab.models.work import Answer, work
from optlab.objective.evaluation import Evaluation
from optlab.objective.loss import chunks, mean_loss
from optlab.objective.penalty import NONE, Penalty

MAX_HESSIANS = 2**25
"""Numbers that the Hessians of a stack may take where only products with them are asked for."""


class Objective:
    """The cost of R runs; w is always (R, P). Not to be modified.

    Gradients, Hessians and products are those of the smooth part of J: of all but the terms of the penalty
    that are not smooth. Slopes are asked of models with `LinearScores`, second derivatives of those with
    `Curvature`.
    """

    def __init__(self, model: Model, samples: Samples, penalty: Penalty = NONE) -> None:
        self.model = model
        self.samples = samples
        self.layers = layers_of(model)
        """What arrays of weights and biases the parameters make."""
        self.penalty = penalty.restrict(model.penalty_mask.astype(samples.x.dtype))

    @property
    def n_samples(self) -> int:
        """Number of samples."""
        return len(self.samples.y)

    def batch(self, index: Any, rng: np.random.Generator | None = None) -> "Objective":
        """The cost on the samples `index` (positions or a slice), `rng` draws masks for hidden units."""
        samples = self.samples.take(index)
        if rng:
            model = cast(HiddenLayers, self.model)
            drawn = masks(model.hidden, model.dropout, len(samples.y), rng, samples.x.dtype)
            samples = samples._replace(masks=drawn)
        return copy_with(self, samples=samples)

    def select_runs(self, index: Any) -> "Objective":
        """The cost of the runs that `index` (a slice, mask or positions) selects."""
        penalty = self.penalty.select_runs(index)
        return self if penalty is self.penalty else copy_with(self, penalty=penalty)

    def evaluate(self, w: Array, *, gradient: bool = False, accuracy: bool = False) -> Evaluation:
        """J(w), its gradient and the accuracy if asked for, in one pass over the samples."""
        value, g, correct = mean_loss(self.model, w, self.samples, gradient=gradient, accuracy=accuracy)
        if self.penalty:
            value = value + self.penalty.value(w)
            g = None if g is None else g + self.penalty.gradient(w)
        return Evaluation(w, value, g, correct)

    def gradient(self, w: Array) -> Array:
        """Gradient (R, P) of the smooth part of J, without its value where the model spares that."""
        if not hasattr(self.model, "gradient_sum"):
            return cast(Array, self.evaluate(w, gradient=True).gradient)
        parts = (self.model.gradient_sum(w, part, 1 / self.n_samples) for part in self._chunks(len(w)))
        gradient: Array = reduce(add, parts)
        return gradient + self.penalty.gradient(w) if self.penalty else gradient

    def stationarity(self, point: Evaluation) -> Array | None:
        """What is 0 where J is stationary and nowhere else (R, P); None: the gradient g is not known.

        That is g, or the gradient mapping w - prox(w - g) where the penalty is not smooth (Beck, First-Order
        Methods in Optimization, 2017, definition 10.5, with a step of 1).
        """
        if point.gradient is None or self.penalty.is_smooth:
            return point.gradient
        return point.w - self.penalty.prox(point.w - point.gradient, 1.0)

    def work(self, answer: Answer) -> float:
        """What an answer costs a run on its own, see `optlab.models.work`; NaN: the model does not say."""
        return work(self.model, self.samples, answer)

    def operator_work(self, gauss_newton: bool = False) -> tuple[float, float]:
        """What `hessian_operator` costs a run on its own, and what each of its products does."""
        if self._forms_hessian(gauss_newton):
            return self.work("hessian"), self.model.n_parameters**2
        return self.work("curvature"), self.work("product")

    def sample_slopes(self, w: Array) -> Array:
        """Derivatives (R, K, n) of every sample's loss in its K linear scores."""
        model = cast(LinearScores, self.model)
        parts = [model.sample_slopes(w, part) for part in self._chunks(len(w))]
        return np.concatenate(parts, axis=2)

    def gradient_from_slopes(self, slopes: Array) -> Array:
        """Gradient (R, P), without the penalty's, of the mean loss that has these slopes (R, K, n)."""
        model = cast(LinearScores, self.model)
        return model.gradient_from_slopes(slopes, self.samples, 1 / self.n_samples)

    def hessian(self, w: Array) -> Array:
        """Hessian of J (R, P, P)."""
        hessian = self._loss_hessian(w)
        if self.penalty:
            diagonal = np.arange(self.model.n_parameters)
            hessian[:, diagonal, diagonal] += self.penalty.hessian_diagonal(w)
        return hessian

    def hessian_block(self, w: Array, positions: Array) -> Array:
        """Hessian (R, m, m) of J among the parameters at `positions` (R, m) alone."""
        model, m = cast(HessianBlocks, self.model), np.arange(positions.shape[1])
        parts = [model.hessian_block(w, part, 1 / self.n_samples, positions) for part in self._chunks(len(w))]
        block = reduce(add, parts)
        if self.penalty:
            block[:, m, m] += np.take_along_axis(self.penalty.hessian_diagonal(w), positions, 1)
        return block

    def hessian_vector(self, w: Array, v: Array, gauss_newton: bool = False) -> Array:
        """Product of the Hessian of J at w, or of its Gauss-Newton part, with v (R, P)."""
        model, weight = cast(Curvature, self.model), 1 / self.n_samples
        parts = self._chunks(len(w))
        product = reduce(add, (model.hessian_vector(w, v, p, weight, gauss_newton) for p in parts))
        return product + self.penalty.hessian_diagonal(w) * v if self.penalty else product

    def hessian_operator(self, w: Array, gauss_newton: bool = False) -> Callable[[Array, Array], Array]:
        """The same product for many v at one w: positions of some runs and their v -> their products.

        What depends on w alone is computed once: curvatures of the losses or, where it is cheap, the Hessian.
        """
        model, weight = cast(Curvature, self.model), 1 / self.n_samples
        products: Sequence[Callable[[Array, Array], Array]]
        if self._forms_hessian(gauss_newton) and len(w) * model.n_parameters**2 <= MAX_HESSIANS:
            hessian = self._loss_hessian(w)
            products = [lambda runs, v: np.stack([hessian[r] @ row for r, row in zip(runs, v, strict=True)])]
        else:
            parts = self._chunks(len(w))
            products = [model.hessian_operator(w, part, weight, gauss_newton) for part in parts]
        curvature = self.penalty.hessian_diagonal(w)

        def product(runs: Array, v: Array) -> Array:
            product = reduce(add, (of_part(runs, v) for of_part in products))
            return product + curvature[runs] * v if self.penalty else product

        return product

    def _forms_hessian(self, gauss_newton: bool) -> bool:
        """Whether products with a Hessian of one run are cheaper once it is formed."""
        return not gauss_newton and cast(Curvature, self.model).hessian_is_cheap(self.samples)

    def _loss_hessian(self, w: Array) -> Array:
        """Hessian (R, P, P) of the mean loss, in parts unless it is one product."""
        model = cast(Curvature, self.model)
        parts = [self.samples] if model.hessian_is_cheap(self.samples) else self._chunks(len(w))
        return reduce(add, (model.hessian(w, part, 1 / self.n_samples) for part in parts))

    def _chunks(self, n_runs: int) -> list[Samples]:
        return chunks(self.samples, n_runs * self.model.width)
