"""What a model can predict: classes or numbers."""

from optlab.core.errors import UserError


def require_classes(name: str, n_classes: int) -> None:
    """Refuse data whose targets are no classes.

    Raises:
        UserError: they are numbers (0 classes), or there are none (a single class).
    """
    if n_classes == 0:
        raise UserError(
            f"model={name}: the target of the data set is a number, and the model predicts classes; use "
            "model=linear"
        )
    if n_classes == 1:
        raise UserError(
            f"model={name}: dataset=shifts has nothing to predict; use model=quadratic or another formula"
        )


def require_numbers(name: str, n_classes: int) -> None:
    """Refuse data whose targets are no numbers.

    Raises:
        UserError: they are classes, or there are none (a single class).
    """
    if n_classes == 1:
        raise UserError(f"model={name}: dataset=shifts has nothing to predict; use model=quadratic")
    if n_classes:
        raise UserError(
            f"model={name}: the data set has {n_classes} classes, and the model predicts numbers; use "
            "model=logistic or model=softmax"
        )
