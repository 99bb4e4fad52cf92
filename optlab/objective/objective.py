"""The objective that an optimizer sees: the regularised mean loss of every run of a stack.

    J(w) = (1/n) sum_i loss_i(w) + P(weights)        (P: see `penalty`; biases are not penalised)

A rule asks an objective for what it needs and the objective counts what was asked, in full-data
equivalents: a gradient on a mini-batch of B of n samples adds B/n.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce
from operator import add
from typing import Any, NamedTuple

import numpy as np

from optlab.core.arrays import CACHE_ELEMENTS, Array, row_dot
from optlab.models.dropout import masks
from optlab.models.model import Model, Samples, Sums
from optlab.objective.penalty import NONE, Penalty

LEAST_CHUNK = 256
"""Samples in a chunk at least, so that products stay products of matrices."""

MOST_HESSIANS = 2**25
"""Numbers that the Hessians of a stack may take where only products with them are asked for."""

ALL = slice(None)

COUNTED = ("value_evals", "gradient_evals", "hvp_evals", "hessian_evals")


class Evaluation(NamedTuple):
    """What is known about the objective at the parameters w of every run."""

    w: Array  # (R, P)
    value: Array  # (R,)
    gradient: Array | None = None  # (R, P)
    accuracy: Array | None = None  # (R,)
    counted: Array | None = None  # (R,) whether a rule has asked for it already; None: it has not

    def rows(self, index: Any) -> "Evaluation":
        """The same for the runs that `index` selects."""
        parts = (None if array is None else array[index] for array in self[2:])
        return Evaluation(self.w[index], self.value[index], *parts)


@dataclass(slots=True)
class LastAsked:
    """Where a rule asked last for value and gradient: a line search ends where the next step begins."""

    points: Evaluation | None = None  # of all runs of a stack; w is NaN where nothing is known

    def put(self, runs: Any, n_runs: int, point: Evaluation) -> None:
        """Remember a point with value, gradient and accuracy, of the runs that stand at `runs` of all."""
        if self.points is None:
            shape = (n_runs, point.w.shape[1])
            w, g = np.full(shape, np.nan, point.w.dtype), np.empty(shape, point.w.dtype)
            self.points = Evaluation(w, np.empty(n_runs), g, np.empty(n_runs))
        for kept, new in zip(self.points[:4], point[:4], strict=True):
            kept[runs] = new  # type: ignore[index]


@dataclass(slots=True)
class Objective:
    """Regularised mean loss of R runs on a batch of samples; w is always (R, P). Not to be modified."""

    model: Model
    samples: Samples
    penalty: Penalty = NONE
    counts: Array = field(default_factory=lambda: np.zeros((len(COUNTED), 1)))
    """Evaluations asked for, in the order of COUNTED, for every run of the stack (4, all runs)."""
    index: Array | slice | None = None
    """Which columns of `counts` belong to the runs of this objective; None: all."""
    known: Evaluation | None = None
    """The point where the objective has been evaluated already; asking there again costs nothing."""
    whole: "Objective | None" = None
    """The objective on all samples, if this one is on a mini-batch."""
    clip_norm: float | None = None
    """Largest norm of what `gradient` answers; None: the gradient as it is."""
    positions: Array | slice = field(default_factory=lambda: ALL)
    """Where the samples of the batch stand among all."""
    last: LastAsked | None = None
    """What need not be computed again, on all samples; None: nothing is remembered."""

    @property
    def full(self) -> "Objective":
        """The objective on all training samples."""
        return self.whole or self

    def on(self, index: Any, dropping: np.random.Generator | None = None) -> "Objective":
        """The objective on the mini-batch of the samples `index`; `dropping` draws masks for hidden units."""
        batch = self.samples.take(index)
        if dropping:
            model, n, dtype = self.model, len(batch.y), batch.x.dtype
            batch = batch._replace(masks=masks(model.hidden, model.dropout, n, dropping, dtype))
        return Objective(
            self.model, batch, self.penalty, self.counts, self.index, None, self.full, self.clip_norm, index
        )

    def rows(self, index: Any) -> "Objective":
        """The objective of the runs that `index` (a slice, mask or positions) selects."""
        return Objective(
            self.model,
            self.samples,
            self.penalty.select_runs(index),
            self.counts,
            _composed(self.index, index, self.counts.shape[1]),
            self.known and self.known.rows(index),
            self.whole and self.whole.rows(index),
            self.clip_norm,
            self.positions,
            self.last,
        )

    def at(self, w: Array, *, gradient: bool = True, accuracy: bool = False) -> "Objective":
        """This objective with its value (and gradient, accuracy) at w known; not counted as asked for."""
        known = self._remembered(w, gradient=gradient, accuracy=accuracy)
        return Objective(
            self.model,
            self.samples,
            self.penalty,
            self.counts,
            self.index,
            known,
            self.whole,
            self.clip_norm,
            self.positions,
            self.last,
        )

    def value(self, w: Array) -> Array:
        """J(w), (R,)."""
        self._count("value_evals", w)
        return self._at(w).value

    def gradient(self, w: Array, clip: bool = True) -> Array:
        """Gradient of J (R, P), clipped by its norm if `clip_norm` says so."""
        self._count("gradient_evals", w)
        g: Array = self._at(w, gradient=True).gradient  # type: ignore[assignment]
        return self.clipped(g) if clip else g

    def clipped(self, step: Array) -> Array:
        """A direction (R, P) that is made from several gradients, shortened to `clip_norm`."""
        return step if self.clip_norm is None else clipped(step, self.clip_norm)

    def value_and_gradient(self, w: Array) -> tuple[Array, Array]:
        """J(w) (R,) and its gradient (R, P), in one pass over the samples."""
        self._count("value_evals", w)
        self._count("gradient_evals", w)
        point = self._at(w, gradient=True, accuracy=self.last is not None)
        if self.last is not None and point is not self.known:
            self.last.put(ALL if self.index is None else self.index, self.counts.shape[1], point)
        return point.value, point.gradient  # type: ignore[return-value]

    def sample_slopes(self, w: Array) -> Array:
        """Derivatives (R, K, B) of every sample's loss in its K linear scores; counts as a gradient."""
        self._count("gradient_evals")
        return np.concatenate([self.model.sample_slopes(w, part) for part in self._chunks(len(w))], axis=2)

    def from_slopes(self, slopes: Array) -> Array:
        """Gradient (R, P), without the penalty's, of the mean loss that has these slopes (R, K, B)."""
        return self.model.from_slopes(slopes, self.samples, 1 / self.n_samples)

    def penalty_gradient(self, w: Array) -> Array:
        """Gradient (R, P) of the smooth part of the penalty."""
        return self.penalty.gradient(w, self.model.penalty_mask)

    def prox(self, w: Array, step: float | Array) -> Array:
        """The u (R, P) that minimise h(u) + ||u - w||^2 / (2 step), h the part of the penalty not smooth.

        Args:
            step: a number or (R, 1), positive.
        """
        return self.penalty.prox(w, step, self.model.penalty_mask)

    def hessian(self, w: Array) -> Array:
        """Hessian of J (R, P, P)."""
        self._count("hessian_evals")
        hessian = self._loss_hessian(w)
        if self.penalty:
            diagonal = np.arange(self.model.n_parameters)
            hessian[:, diagonal, diagonal] += self._penalty_curvature(w)
        return hessian

    def hessian_vector(self, w: Array, v: Array, gauss_newton: bool = False) -> Array:
        """Product of the Hessian of J at w, or of its Gauss-Newton part, with v (R, P)."""
        self._count("hvp_evals")
        n = self.n_samples
        products = (
            self.model.hessian_vector(w, v, part, 1 / n, gauss_newton) for part in self._chunks(len(w))
        )
        product = reduce(add, products)
        return product + self._penalty_curvature(w) * v if self.penalty else product

    def hessian_operator(self, w: Array, gauss_newton: bool = False) -> Callable[[Array, Array], Array]:
        """The same product for many v at one w: positions of some runs and their v -> their products.

        What depends on w alone is computed once: curvatures of the losses or, where it is cheap, the Hessian.
        """
        n, p = self.n_samples, self.model.n_parameters
        if not gauss_newton and len(w) * p**2 <= MOST_HESSIANS and self.model.hessian_is_cheap(self.samples):
            hessian = self._loss_hessian(w)
            products = [lambda runs, v: np.stack([hessian[r] @ row for r, row in zip(runs, v, strict=True)])]
        else:
            parts = self._chunks(len(w))
            products = [self.model.hessian_operator(w, part, 1 / n, gauss_newton) for part in parts]

        curvature = self._penalty_curvature(w)

        def product(runs: Array, v: Array) -> Array:
            self.rows(runs)._count("hvp_evals")
            product = reduce(add, (of_part(runs, v) for of_part in products))
            return product + curvature[runs] * v if self.penalty else product

        return product

    def _penalty_curvature(self, w: Array) -> Array:
        return self.penalty.hessian_diagonal(w, self.model.penalty_mask)

    def _loss_hessian(self, w: Array) -> Array:
        """Hessian (R, P, P) of the mean loss, in parts unless it is one product."""
        parts = [self.samples] if self.model.hessian_is_cheap(self.samples) else self._chunks(len(w))
        return reduce(add, (self.model.hessian(w, part, 1 / self.n_samples) for part in parts))

    @property
    def n_samples(self) -> int:
        """Number of samples in the batch."""
        return len(self.samples.y)

    def _count(self, what: str, w: Array | None = None) -> None:
        share: float | Array = self.n_samples / self.full.n_samples
        if self.known is not None and w is self.known.w and self.known.counted is not None:
            share = share * ~self.known.counted
        self.counts[COUNTED.index(what), ALL if self.index is None else self.index] += share

    def _at(self, w: Array, *, gradient: bool = False, accuracy: bool = False) -> Evaluation:
        if self.known is not None and w is self.known.w and (self.known.gradient is not None or not gradient):
            return self.known
        return self._evaluated(w, gradient=gradient, accuracy=accuracy)

    def _remembered(self, w: Array, *, gradient: bool, accuracy: bool) -> Evaluation:
        """What is known of w, completed by an evaluation of the runs that were not evaluated there last."""
        if self.last is None or self.last.points is None:
            return self._evaluated(w, gradient=gradient, accuracy=accuracy)
        points = self.last.points.rows(ALL if self.index is None else self.index)
        counted = (points.w == w).all(1)
        if not counted.any():
            return self._evaluated(w, gradient=gradient, accuracy=accuracy)
        value, g, right = (np.array(part) for part in points[1:4])  # the next trial will take their place
        if len(new := np.flatnonzero(~counted)):
            rest = self.rows(new)._evaluated(w[new], gradient=True, accuracy=True)
            value[new], g[new], right[new] = rest[1:4]
        return Evaluation(w, value, g, right, counted)

    def _evaluated(self, w: Array, *, gradient: bool = False, accuracy: bool = False) -> Evaluation:
        loss, g, correct = mean_loss(self.model, w, self.samples, gradient=gradient, accuracy=accuracy)
        if self.penalty:
            loss = loss + self.penalty.value(w, self.model.penalty_mask)
            g = None if g is None else g + self.penalty_gradient(w)
        return Evaluation(w, loss, g, correct)

    def _chunks(self, n_runs: int) -> list[Samples]:
        return chunks(self.samples, n_runs * self.model.width)


def _composed(outer: Array | slice | None, inner: Any, n: int) -> Array | slice:
    """The index that selects what `inner` selects of what `outer` selects of n; None selects all."""
    if outer is None and isinstance(inner, slice):
        return inner
    return (outer if isinstance(outer, np.ndarray) else np.arange(n)[outer or ALL])[inner]


def clipped(g: Array, clip_norm: float) -> Array:
    """Gradients g (R, P), those that are longer than `clip_norm` shortened to it.

    Reference: Pascanu, Mikolov and Bengio, On the difficulty of training recurrent neural networks, 2013,
    algorithm 1; 1e-6 is added to the norm, as in PyTorch.
    """
    norm = np.sqrt(row_dot(g, g))
    return g * np.minimum(clip_norm / (norm + 1e-6), 1)


def chunks(samples: Samples, numbers_per_sample: int) -> list[Samples]:
    """Split samples evenly so that a pass over one part stays in the cache."""
    n = len(samples.y)
    most = max(LEAST_CHUNK, CACHE_ELEMENTS // numbers_per_sample)
    if n <= most:
        return [samples]
    size = -(-n // -(-n // most))
    return [samples.take(slice(start, start + size)) for start in range(0, n, size)]


def mean_loss(
    model: Model, w: Array, samples: Samples, *, gradient: bool = False, accuracy: bool = False
) -> Sums:
    """Mean loss without penalty (R,), its gradient (R, P) and the accuracy (R,), if asked for."""
    n = len(samples.y)
    parts = chunks(samples, len(w) * model.width)
    total = model.sums(w, parts[0], 1 / n, gradient=gradient, correct=accuracy)
    for part in parts[1:]:
        total = total + model.sums(w, part, 1 / n, gradient=gradient, correct=accuracy)
    return total._replace(correct=None if total.correct is None else total.correct / n)
