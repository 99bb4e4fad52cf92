"""Logistic regression."""

from collections.abc import Callable

import numpy as np

from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.models.class_weights import ClassWeight
from optlab.models.initial import Init
from optlab.models.margin_losses import Loss, sigmoid
from optlab.models.margin_model import MarginModel, columns_of, products
from optlab.models.model import REGISTRY, Samples
from optlab.models.sparse import SparseMatrix, gram_of


class Logistic(MarginModel):
    """Binary logistic regression, P(y = 1 | x) = sigmoid(x w + b).

    With A and the margins M of `MarginModel`, the Hessians are A^T diag(curvature(M)) A.
    """

    name = "logistic"

    def __init__(
        self, n_features: int, fit_intercept: bool, loss: Loss, init: Init, class_weight: ClassWeight = None
    ) -> None:
        super().__init__(n_features, fit_intercept, loss, init, class_weight)
        self.curvature_bound = 0.25 if loss == "cross_entropy" else None

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

    def probabilities(self, w: Array, x: Array) -> Array:
        p = sigmoid(self.scores(w, x))
        return np.stack([1 - p, p], axis=-1)


@REGISTRY.register
def logistic(
    n_features: int,
    n_classes: int,
    /,
    fit_intercept: bool = True,
    loss: Loss = "cross_entropy",
    init: Init = "zeros",
    class_weight: ClassWeight = None,
) -> Logistic:
    """Binary logistic regression; starts at zero by default.

    Raises:
        UserError: the data set has more than two classes; or not one class weight for each class.
    """
    if n_classes != 2:
        raise UserError(
            f"model=logistic: the data set has {n_classes} classes and logistic regression is binary; "
            "use model=softmax or model=mlp"
        )
    return Logistic(n_features, fit_intercept, loss, init, class_weight)
