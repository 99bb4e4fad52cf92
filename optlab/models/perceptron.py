"""The classical perceptron: a step activation, trained by the perceptron criterion."""

import numpy as np

from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.models.class_weights import ClassWeight
from optlab.models.initial import Init
from optlab.models.margin_model import MarginModel
from optlab.models.model import REGISTRY, Samples
from optlab.models.targets import require_classes


class Perceptron(MarginModel):
    """A linear classifier of two classes that predicts the step of its score: 1 above 0, else 0.

    The criterion is max(0, -m) with the margin m = y (x w + b). For a sample whose margin is not above 0, a
    step of rate lr against the subgradient adds lr y [x, 1] to the parameters; the others change nothing.
    The criterion has no curvature, and is least at w = 0 where runs start.
    """

    name = "perceptron"

    def _count_correct(self, margins: Array, samples: Samples) -> Array:
        """As for logistic regression, but exact: a perceptron's scores often cancel to 0."""
        return np.where((samples.y == 0)[:, None], margins >= 0, margins > 0).sum(0)

    def probabilities(self, w: Array, x: Array) -> Array:
        """The step activation (R, n, 2): 1 for the predicted class, 0 for the other."""
        return np.eye(2, dtype=w.dtype)[self.predict(w, x)]


@REGISTRY.register
def perceptron(
    n_features: int,
    n_classes: int,
    /,
    fit_intercept: bool = True,
    init: Init = "zeros",
    class_weight: ClassWeight = None,
) -> Perceptron:
    """Rosenblatt's perceptron: gradients are subgradients of the mean of max(0, -m) over the samples.

    `sgd` on single samples, from zero, is the classical rule, whose predictions are the same for all rates.
    On separable data it makes at most (R / margin)^2 mistakes in all (Novikoff 1962), R the longest [x, 1].

    Raises:
        UserError: the data set has more than two classes; or not one class weight for each class.

    References: Rosenblatt, The Perceptron: A Probabilistic Model for Information Storage and Organization in
    the Brain, 1958; the criterion: Duda and Hart, Pattern Classification and Scene Analysis, 1973, chapter 5.
    """
    require_classes("perceptron", n_classes)
    if n_classes != 2:
        raise UserError(
            f"model=perceptron: the data set has {n_classes} classes and the perceptron is binary; "
            "use model=softmax or model=mlp"
        )
    return Perceptron(n_features, fit_intercept, "perceptron", init, class_weight)
