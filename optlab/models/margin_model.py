"""Linear models of two classes whose losses are functions of margins."""

from collections.abc import Callable
from typing import Any

import numpy as np

from optlab.core.arrays import Array, column_counts
from optlab.datasets.dataset import Part
from optlab.models import passes
from optlab.models.class_weights import ClassWeight, check_class_weight, sample_weights
from optlab.models.initial import Init, initial_weights
from optlab.models.layers import Layer
from optlab.models.margin_losses import MARGIN_LOSSES, MarginLoss
from optlab.models.model import Samples, Sums
from optlab.models.sparse import SparseMatrix, gram_of
from optlab.models.work import FUNCTION, Answer, gram, product


class MarginModel:
    """One weight per feature and an intercept; the score x w + b decides between two classes.

    The labels y in {-1, +1} are folded into the data once: with A = y [x, 1] the margins of all runs are
    M = A W^T (n, R), the losses are functions of M alone (see `margin_losses`) and the gradients are
    slope(M)^T A. A is sparse where the data are.

    Parameters (P,): the d weights, then the intercept.
    """

    name: str
    width = 1
    n_scores = 1
    curvature_bound: float | None = None

    def __init__(
        self,
        n_features: int,
        fit_intercept: bool,
        loss: str | MarginLoss,
        init: Init,
        class_weight: ClassWeight = None,
    ) -> None:
        self.n_features = n_features
        self.n_classes = 2
        self.n_parameters = n_features + fit_intercept
        self.penalty_mask = np.ones(self.n_parameters)
        self.penalty_mask[n_features:] = 0
        weights, intercept = Layer("w", 0, (n_features,), True), Layer("b", n_features, (1,), False)
        self.layers = (weights, intercept) if fit_intercept else (weights,)
        self._loss = MARGIN_LOSSES[loss] if isinstance(loss, str) else loss
        self.has_conjugate = self._loss.conjugate is not None
        self._init = init
        self._class_weight = check_class_weight(class_weight, self.n_classes)

    def prepare(self, part: Part, dtype: np.dtype) -> Samples:
        """A (n, P), with one more column that breaks ties.

        A score of 0 predicts label 0. A number so small that it changes no other margin, added to the margins
        of label 0 alone, makes `margin > 0` say so. It is the root of the least positive number: products
        with that would be subnormal, which processors are slow at.
        """
        sign = np.where(part.y == 1, 1, -1).astype(dtype)[:, None]
        tie = np.where(part.y == 1, 0, np.sqrt(np.finfo(dtype).tiny)).astype(dtype)[:, None]
        intercept = np.repeat(sign, self.n_parameters - self.n_features, 1)
        x = part.x.astype(dtype, copy=False)
        if isinstance(x, np.ndarray):
            a = np.hstack([sign * x, intercept, tie])
        else:
            a = SparseMatrix(labelled(x, sign, intercept, tie))
        return Samples(a, part.y, sample_weights(self._class_weight, part.y, self.n_classes, dtype))

    def initial(self, rng: np.random.Generator) -> Array:
        w = np.zeros(self.n_parameters)
        w[: self.n_features] = initial_weights(self._init, self.n_features, 1, rng)[:, 0]
        return w

    def loss_sums(
        self, w: Array, samples: Samples, weight: float, *, gradient: bool = False, correct: bool = False
    ) -> Sums:
        right: Array | None = None

        def margins(runs: Any) -> Array:
            nonlocal right
            b = products(samples.x, columns[:, runs])
            if correct and right is None:
                right = self._count_correct(b, samples)
            return b

        columns = columns_of(w, 1)
        loss, slope = self._loss.value_and_slope_of(margins, samples.weight)
        if not gradient:
            return Sums(weight * loss, None, right)
        return Sums(weight * loss, self.gradient_from_slopes(slope.T[:, None], samples, weight), right)

    def _count_correct(self, margins: Array, samples: Samples) -> Array:
        """Number of samples (R,) that are predicted right."""
        return column_counts(margins > 0)

    def gradient_sum(self, w: Array, samples: Samples, weight: float) -> Array:
        slopes = self._loss.slope_of(products(samples.x, columns_of(w, 1)))
        return self.gradient_from_slopes(samples.weighted(slopes).T[:, None], samples, weight)

    def sample_slopes(self, w: Array, samples: Samples) -> Array:
        margins = products(samples.x, columns_of(w, 1))
        return samples.weighted(self._loss.value_and_slope(margins)[1]).T[:, None]

    def gradient_from_slopes(self, slopes: Array, samples: Samples, weight: float) -> Array:
        g = (samples.x.T @ slopes[:, 0].T)[:-1].T  # as fast as its transpose, and without the column of ties
        return np.multiply(g, g.dtype.type(weight), order="C")

    def work(self, samples: Samples, answer: Answer) -> float:
        once, losses = product(samples.x), 2 * FUNCTION * len(samples.y)
        match answer:
            case "gradient":
                return 2 * once + losses
            case "gradient_from_slopes":
                return once
            case "hessian":
                return once + losses + gram(samples.x)
            case "product":
                return 2 * once
            case _:
                return once + losses

    def predict(self, w: Array, x: Array) -> Array:
        return (self.scores(w, x) > 0).astype(np.int64)

    def scores(self, w: Array, x: Array) -> Array:
        """Scores (R, n) of inputs x (n, d)."""
        z = products(x, w[:, : self.n_features].T).T
        return z if self.n_parameters == self.n_features else z + w[:, -1:]


class CurvedMarginModel(MarginModel):
    """One whose losses have curvature: with the margins M the Hessians are A^T diag(curvature(M)) A."""

    def conjugates(self, slopes: Array, samples: Samples) -> Array:
        assert self._loss.conjugate is not None
        return self._loss.conjugate(slopes)

    def score_curvatures(self, w: Array, samples: Samples) -> Array:
        return self._loss.curvature(products(samples.x, columns_of(w, 1)))

    def hessian(self, w: Array, samples: Samples, weight: float) -> Array:
        curvature = samples.weighted(
            weight * self._loss.curvature(products(samples.x, columns_of(w, 1)))
        )  # (n, R)
        if isinstance(samples.x, SparseMatrix):
            return samples.x.gram(curvature)[:, :-1, :-1]
        a = samples.x[:, :-1]
        return np.stack([(a.T * c) @ a for c in curvature.T])

    def hessian_block(self, w: Array, samples: Samples, weight: float, positions: Array) -> Array:
        curvature = samples.weighted(weight * self._loss.curvature(products(samples.x, columns_of(w, 1))))
        return np.stack([gram_of(samples.x, p, c) for p, c in zip(positions, curvature.T, strict=True)])

    def hessian_vector(
        self, w: Array, v: Array, samples: Samples, weight: float, gauss_newton: bool = False
    ) -> Array:
        return self.hessian_operator(w, samples, weight, gauss_newton)(np.arange(len(w)), v)

    def hessian_operator(
        self, w: Array, samples: Samples, weight: float, gauss_newton: bool = False
    ) -> Callable[[Array, Array], Array]:
        curvature_of = self._loss.gauss_newton if gauss_newton else self._loss.curvature
        curvature = samples.weighted(curvature_of(products(samples.x, columns_of(w, 1))))  # (n, R)

        def product(runs: Array, v: Array) -> Array:
            own = curvature if len(runs) == len(w) else curvature[:, runs]
            slopes = own * products(samples.x, columns_of(v, 0))
            return self.gradient_from_slopes(slopes.T[:, None], samples, weight)

        return product

    def hessian_is_cheap(self, samples: Samples) -> bool:
        return isinstance(samples.x, SparseMatrix) and samples.x.row_products is not None


def products(x: Any, columns: Array) -> Array:
    """The products (n, R) of samples x (n, d) with columns (d, R), a pass over them."""
    passes.count(columns.shape[1], x.shape[0])
    return x @ columns


def columns_of(w: Array, last: float) -> Array:
    """w (R, P) as columns, with one more row that holds `last` (P + 1, R)."""
    columns = np.full((w.shape[1] + 1, len(w)), last, w.dtype)
    columns[:-1] = w.T
    return columns


def labelled(x: Any, sign: Array, intercept: Array, tie: Array) -> Any:
    """The csr_array [sign * x, intercept, tie], in which zeros of the last column are left out."""
    from scipy.sparse import csr_array, hstack

    data = x.data * np.repeat(sign[:, 0], np.diff(x.indptr))
    signed = csr_array((data, x.indices, x.indptr), shape=x.shape)
    return hstack([signed, csr_array(intercept), csr_array(tie)], format="csr")
