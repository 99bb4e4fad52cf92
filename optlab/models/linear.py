"""Linear regression."""

from typing import Literal

import numpy as np

from optlab.core.arrays import Array
from optlab.core.options import Positive
from optlab.datasets.dataset import Part
from optlab.models.initial import Init
from optlab.models.margin_losses import MarginLoss
from optlab.models.margin_model import CurvedMarginModel, labelled
from optlab.models.model import REGISTRY, Samples
from optlab.models.residual_losses import SQUARED, huber
from optlab.models.sparse import SparseMatrix
from optlab.models.targets import require_numbers


class Linear(CurvedMarginModel):
    """The number x w + b predicts the target y; losses are functions of the residual x w + b - y.

    Residuals are margins with A = [x, 1, -y], whose last column has the parameter 1.
    """

    name = "linear"

    def __init__(self, n_features: int, fit_intercept: bool, loss: MarginLoss, init: Init) -> None:
        super().__init__(n_features, fit_intercept, loss, init)
        self.n_classes = 0
        self.curvature_bound = 1.0
        self.is_quadratic = loss is SQUARED

    def prepare(self, part: Part, dtype: np.dtype) -> Samples:
        """[x, 1, -y] (n, P + 1)."""
        x, y = part.x.astype(dtype, copy=False), part.y.astype(dtype)[:, None]
        ones = np.ones_like(y)
        intercept = ones[:, : self.n_parameters - self.n_features]
        a = np.hstack([x, intercept, -y]) if isinstance(x, np.ndarray) else labelled(x, ones, intercept, -y)
        return Samples(a if isinstance(a, np.ndarray) else SparseMatrix(a), part.y)

    def _count_correct(self, margins: Array, samples: Samples) -> Array:
        """Sum of squared errors (R,)."""
        return np.square(margins, dtype=np.float64).sum(0)

    def predict(self, w: Array, x: Array) -> Array:
        return self.scores(w, x)

    def probabilities(self, w: Array, x: Array) -> Array:
        """The predictions (R, n, 1): there are no classes."""
        return self.scores(w, x)[..., None]


@REGISTRY.register
def linear(
    n_features: int,
    n_classes: int,
    /,
    fit_intercept: bool = True,
    loss: Literal["squared", "huber"] = "squared",
    delta: Positive = 1.0,
    init: Init = "zeros",
) -> Linear:
    """Linear regression: least squares, or Huber's loss; ridge and lasso with penalties.

    Args:
        loss: of the residual r: ``squared`` is r^2 / 2, ``huber`` grows like |r| beyond `delta`.
        delta: of Huber's loss, in the units of the target.

    Raises:
        UserError: the data set has classes.
    """
    require_numbers("linear", n_classes)
    return Linear(n_features, fit_intercept, SQUARED if loss == "squared" else huber(delta), init)
