"""Softmax regression."""

from optlab.models.class_weights import ClassWeight
from optlab.models.initial import Init
from optlab.models.linear_network import LinearNetwork
from optlab.models.margin_losses import Loss
from optlab.models.model import REGISTRY
from optlab.models.targets import require_classes


@REGISTRY.register
def softmax(
    n_features: int,
    n_classes: int,
    /,
    fit_intercept: bool = True,
    loss: Loss = "cross_entropy",
    init: Init = "zeros",
    class_weight: ClassWeight = None,
) -> LinearNetwork:
    """Multinomial logistic regression: one score per class, P(y = k | x) = softmax(x W + b)_k.

    Raises:
        UserError: not one class weight for each class.
    """
    require_classes("softmax", n_classes)
    return LinearNetwork(
        "softmax", n_features, n_classes, n_classes, "softmax", loss, init, fit_intercept, class_weight
    )
