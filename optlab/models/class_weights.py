"""Class weights: the loss of a sample counts as often as its class says.

The training cost is (1/n) sum_i c_i loss_i with c_i the weight of the class of sample i; its gradients and
Hessians are weighted alike. As the penalty, the weights belong to what is minimised: validation and test
costs, and all accuracies, are without them.
"""

from typing import Literal

import numpy as np

from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.core.options import Positive

ClassWeight = Literal["balanced"] | list[Positive] | None
"""One weight per class; n / (C n_k) for class k with n_k of n samples (scikit-learn's `balanced`; C counts
classes that have samples); or 1 for all."""


def check_class_weight(class_weight: ClassWeight, n_classes: int) -> ClassWeight:
    """The class weights, if there are as many as classes.

    Raises:
        UserError: there are more or fewer.
    """
    if isinstance(class_weight, list) and len(class_weight) != n_classes:
        raise UserError(
            f"model.class_weight={class_weight}: {len(class_weight)} weights for {n_classes} classes; "
            "give one for each class, or balanced"
        )
    return class_weight


def sample_weights(class_weight: ClassWeight, y: Array, n_classes: int, dtype: np.dtype) -> Array | None:
    """The factor (n,) of every sample's loss, for labels y (n,) of a training part; None: all are 1."""
    if class_weight is None:
        return None
    if class_weight == "balanced":
        counts = np.bincount(y, minlength=n_classes)
        present = np.count_nonzero(counts)
        return (len(y) / (present * np.maximum(counts, 1))).astype(dtype)[y]
    return np.array(class_weight, dtype)[y]
