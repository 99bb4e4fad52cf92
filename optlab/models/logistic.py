"""Logistic regression."""

import numpy as np

from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.models.class_weights import ClassWeight
from optlab.models.initial import Init
from optlab.models.margin_losses import Loss, sigmoid
from optlab.models.margin_model import CurvedMarginModel
from optlab.models.model import REGISTRY
from optlab.models.targets import require_classes


class Logistic(CurvedMarginModel):
    """Binary logistic regression, P(y = 1 | x) = sigmoid(x w + b)."""

    name = "logistic"

    def __init__(
        self, n_features: int, fit_intercept: bool, loss: Loss, init: Init, class_weight: ClassWeight = None
    ) -> None:
        super().__init__(n_features, fit_intercept, loss, init, class_weight)
        self.curvature_bound = 0.25 if loss == "cross_entropy" else None

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
    require_classes("logistic", n_classes)
    if n_classes != 2:
        raise UserError(
            f"model=logistic: the data set has {n_classes} classes and logistic regression is binary; "
            "use model=softmax or model=mlp"
        )
    return Logistic(n_features, fit_intercept, loss, init, class_weight)
