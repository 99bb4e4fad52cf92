"""What cannot be trained, told before anything is."""

from collections.abc import Sequence

import numpy as np

from optlab import optimizers
from optlab.core.errors import UserError
from optlab.datasets.dataset import Dataset
from optlab.models.model import Model
from optlab.training.block import HESSIAN_BYTES
from optlab.training.run import Member
from optlab.training.settings import Training

TABLE_BYTES = 2**30
"""Memory that one run may take for numbers that it keeps of every sample."""


def asks_for_rate(member: Member) -> bool:
    """Whether a run leaves its learning rate to theory."""
    return member.options.get("lr") == "auto"


def check(model: Model, dataset: Dataset, members: Sequence[Member], training: Training, dtype: str) -> None:
    """Refuse what cannot be trained, before anything is.

    Raises:
        UserError: no budget, several seeds where they draw batches or masks, early stopping without
            validation data, a method that asks for more than gradients of a model that has nothing else to
            tell, or for a gradient of a penalty that has none everywhere, a rate from theory where there is
            none, or a method whose Hessian, or whose memory of all samples, is too large or impossible.
    """
    training.budget(len(dataset.train.y))
    _check_seeds(model, len(dataset.train.y), members, training)
    if training.patience is not None and len(dataset.validation.y) == 0:
        raise UserError(
            f"training.patience={training.patience}: early stopping needs validation data; "
            "set dataset.validation_fraction=0.2 or training.patience=null"
        )
    if any(map(asks_for_rate, members)) and model.curvature_bound is None:
        raise UserError(
            "optimizer.lr=auto: the step size follows from the smoothness of a convex cost, known of "
            "model=logistic and model=softmax with model.loss=cross_entropy; use these or give a number"
        )
    for member in members:
        if not member.penalty.is_smooth and "prox" not in optimizers.asks(member.optimizer):
            raise _rough(member)
    for name in {member.optimizer for member in members}:
        if model.gradients_only and optimizers.asks(name) & {"value", "hessian", "hessian_vector"}:
            raise UserError(
                f"optimizer={name} {model.gradients_only}; use optimizer=sgd or another that asks for "
                "gradients only"
            )
        size = model.n_parameters**2 * np.dtype(dtype).itemsize
        if "hessian" in optimizers.asks(name) and size > HESSIAN_BYTES:
            raise UserError(
                f"optimizer={name}: the Hessian of {model.n_parameters:,} parameters takes "
                f"{size / 2**30:.1f} GiB, more than {HESSIAN_BYTES / 2**30:.0f} GiB; "
                "use optimizer=newton_cg, which needs no Hessian, or a smaller model"
            )
        if "sample_slopes" in optimizers.asks(name):
            _check_table(name, model, len(dataset.train.y), np.dtype(dtype).itemsize)


def _check_seeds(model: Model, n: int, members: Sequence[Member], training: Training) -> None:
    seeds = sorted({member.seed for member in members})
    has_batches = training.batch_size is not None and training.batch_size < n
    if len(seeds) > 1 and (has_batches or model.dropout):
        what = "batches" if has_batches else "masks of dropout"
        raise UserError(
            f"seed={','.join(map(str, seeds))}: runs that are trained together see the same {what}, which "
            "the seed draws; train the runs of each seed in a call of their own"
        )


def _rough(member: Member) -> UserError:
    """That a method needs a gradient which the penalty of a run does not have."""
    able = [name for name in optimizers.REGISTRY.names() if "prox" in optimizers.asks(name)]
    remedy = f"use optimizer={' or '.join(able)}" if able else "use a method that asks for prox"
    options = " ".join(f"model.{name}={strength:g}" for name, strength in member.penalty.rough.items())
    return UserError(
        f"optimizer={member.optimizer} {options}: the method needs a gradient, which this penalty does not "
        f"have where a weight is 0; {remedy}, or leave the penalty out"
    )


def _check_table(name: str, model: Model, n: int, bytes_each: int) -> None:
    size = model.linear_scores * n * bytes_each
    if size == 0:
        raise UserError(
            f"optimizer={name}: keeps one number per sample and class, which is enough only where scores are "
            "linear in the parameters; use model=logistic or model=softmax, or optimizer=svrg"
        )
    if size > TABLE_BYTES:
        raise UserError(
            f"optimizer={name}: one number for each of {n:,} samples and {model.linear_scores} scores takes "
            f"{size / 2**30:.1f} GiB a run, more than {TABLE_BYTES / 2**30:.0f} GiB; use optimizer=svrg"
        )
