"""The least l1 whose solution is zero, which strengths such as ``0.1*max`` are shares of.

Without weights, the best intercept predicts the shares of the classes, or the mean of numbers. There the
weights stay 0 if no entry of the gradient is larger than l1: 0 is a subgradient then (Friedman, Hastie and
Tibshirani, Regularization Paths for Generalized Linear Models via Coordinate Descent, 2010, section 2.5).
"""

import numpy as np

from optlab.core.errors import UserError
from optlab.datasets.dataset import Part
from optlab.models.model import LinearScores, Model, QuadraticLoss
from optlab.objective.objective import Objective
from optlab.objective.penalty import Penalty, share_of_max


def with_numbers(penalty: Penalty, model: Model, part: Part) -> Penalty:
    """The penalty with its shares of the largest strength as numbers, for the training data `part`.

    Raises:
        UserError: the cost is not that of a linear model with cross-entropy or squared error.
    """
    shares = {name: share for name, c in penalty.strengths.items() if (share := share_of_max(c)) is not None}
    if not shares:
        return penalty
    largest = l1_max(model, part)
    return Penalty({**penalty.strengths, **{name: share * largest for name, share in shares.items()}})


def l1_max(model: Model, part: Part) -> float:
    """The least l1 at which all weights of the solution are 0; see `with_numbers` for what it raises."""
    is_squared = isinstance(model, QuadraticLoss) and model.is_quadratic
    if (
        not isinstance(model, LinearScores)
        or model.curvature_bound is None
        or (model.n_classes == 0 and not is_squared)
    ):
        raise UserError(
            "model.l1=SHARE*max: the largest l1 is known of model=logistic and model=softmax with "
            "model.loss=cross_entropy, and of model=linear with model.loss=squared; use these or give a "
            "number"
        )
    samples, w = model.prepare(part, np.dtype(float)), np.zeros((1, model.n_parameters))
    intercept = model.penalty_mask == 0
    if is_squared:
        w[0, intercept] = part.y.mean()
    elif intercept.any():
        log_shares = np.log(np.bincount(part.y, samples.weight))
        w[0, intercept] = log_shares if model.n_scores > 1 else log_shares[1] - log_shares[0]
    gradient = Objective(model, samples).evaluate(w, gradient=True).gradient
    assert gradient is not None
    return float(np.abs(gradient[0, ~intercept]).max())
