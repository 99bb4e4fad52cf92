"""What cannot be trained is refused before anything is: a method that asks for what there is not, above all.

A rule says what it asks of the cost (`Method.asks`); here, and nowhere else, that is held against what the
model, the penalty, the data and the memory can give.
"""

from collections.abc import Sequence

import numpy as np

from optlab import optimizers
from optlab.core.errors import UserError
from optlab.datasets.dataset import Dataset
from optlab.models.dropout import rate_of
from optlab.models.layers import has_matrix
from optlab.models.model import Curvature, HessianBlocks, LinearScores, Model, StatesCurvatures
from optlab.models.smoothness import has_smoothness
from optlab.optimizers.groups import Groups, layers
from optlab.training.block import HESSIAN_BYTES
from optlab.training.constants import A_BOUND, asks_for_optimum, constants_from_theory
from optlab.training.run import RunSpec
from optlab.training.settings import Training

TABLE_BYTES = 2**30
"""Memory that one run may take for numbers that it holds of every sample."""

NEED_CURVATURE = frozenset({"value", "hessian", "hessian_vector"})
"""What is of no use where the losses have no curvature: values lead to where all of them are 0."""


def check(model: Model, dataset: Dataset, runs: Sequence[RunSpec], training: Training, dtype: str) -> None:
    """Refuse what cannot be trained, before anything is.

    Raises:
        UserError: no budget, several seeds where they draw batches or masks, early stopping without
            validation data, a rate from theory where there is none, or a method that asks for what the model
            or the penalty does not have, dropout spoils, or memory does not hold.
    """
    n = len(dataset.train.y)
    training.budget(n)
    _check_seeds(model, n, runs, training)
    if training.patience is not None and len(dataset.validation.y) == 0:
        raise UserError(
            f"training.patience={training.patience}: early stopping needs validation data; "
            "set dataset.validation_fraction=0.2 or training.patience=null"
        )
    for run in runs:
        _check_theory(run, model)
        _check_penalty(run)
        _check_groups(run, model)
        if optimizers.REGISTRY.entry(run.optimizer).family in ("other libraries", "wrapper"):
            optimizers.REGISTRY.get(run.optimizer)(**run.options)  # refuses what it cannot make a rule of
    inner = {run.options["inner"] for run in runs if "inner" in run.options}
    for name in sorted({run.optimizer for run in runs} | inner):
        _check_model(name, model)
        _check_memory(name, model, n, np.dtype(dtype).itemsize)


def _check_seeds(model: Model, n: int, runs: Sequence[RunSpec], training: Training) -> None:
    seeds = sorted({run.seed for run in runs})
    has_batches = not training.is_full_batch(n)
    if len(seeds) > 1 and (has_batches or rate_of(model)):
        what = "batches" if has_batches else "masks of dropout"
        raise UserError(
            f"seed={','.join(map(str, seeds))}: runs that are trained together see the same {what}, which "
            "the seed draws; train the runs of each seed in a call of their own"
        )


def _check_theory(run: RunSpec, model: Model) -> None:
    """Constants follow from a smooth convex cost, and mu from its penalty or from a spectrum."""
    constants = constants_from_theory(run)
    if not constants and not asks_for_optimum(run):
        return
    is_smooth = has_smoothness(model)
    curvatures = model.curvatures if isinstance(model, StatesCurvatures) else None
    least = (curvatures or (0.0, 0.0))[0] + run.penalty.strong_convexity
    if asks_for_optimum(run) and not is_smooth:
        raise UserError(
            "optimizer.optimum=auto: the least cost is certified of convex costs alone, those of "
            f"model=logistic and model=softmax with model.loss=cross_entropy; {A_BOUND}"
        )
    for name in constants:
        if not is_smooth:
            raise UserError(
                f"optimizer.{name}=auto: the number follows from the smoothness of a convex cost, known of "
                "model=logistic and model=softmax with model.loss=cross_entropy; use these or give a number"
            )
        if name == "mu" and least <= 0:
            raise UserError(
                "optimizer.mu=auto: without a penalty the cost is not strongly convex; set model.l2, give a "
                "number, or use optimizer=nesterov_restart"
            )


def _check_penalty(run: RunSpec) -> None:
    """A method that takes gradients needs a penalty that has one everywhere, or asks for `prox` or `l1`."""
    rough = run.penalty.rough
    if not rough or optimizers.asks(run.optimizer) & {"prox", "l1"}:
        return
    able = [name for name in optimizers.REGISTRY.names() if optimizers.asks(name) & {"prox", "l1"}]
    remedy = f"use one of optimizer={','.join(able)}"
    options = " ".join(f"model.{name}={c if isinstance(c, str) else f'{c:g}'}" for name, c in rough.items())
    raise UserError(
        f"optimizer={run.optimizer} {options}: the method needs a gradient, which this penalty does not "
        f"have where a weight is 0; {remedy}, or leave the penalty out"
    )


def _check_groups(run: RunSpec, model: Model) -> None:
    """Numbers may differ between parameters of an elementwise method that has them."""
    groups = run.groups
    if groups == Groups():
        return
    n_layers = layers(model.penalty_mask)[-1] + 1
    if not optimizers.REGISTRY.entry(run.optimizer).elementwise:
        raise UserError(
            f"optimizer={run.optimizer}: the method does not update each parameter by itself, so that it has "
            "no parameter groups; leave decay_biases and layer_rates at their default"
        )
    if not groups.decay_biases and "weight_decay" not in run.options:
        raise UserError(
            f"optimizer={run.optimizer} optimizer.decay_biases=false: the method has no weight_decay; "
            "leave it true"
        )
    if groups.layer_rates is not None and len(groups.layer_rates) != n_layers:
        raise UserError(
            f"optimizer.layer_rates={groups.layer_rates}: {len(groups.layer_rates)} rates for the {n_layers} "
            f"layers of model={model.name}; give one for each"
        )


def _check_model(name: str, model: Model) -> None:
    asks = optimizers.asks(name)
    if asks & NEED_CURVATURE and not isinstance(model, Curvature):
        raise UserError(
            f"optimizer={name} model={model.name}: the criterion of this model has no curvature, and values "
            "alone lead to where all scores are 0; use optimizer=sgd or another that asks for gradients only"
        )
    if "sample_slopes" in asks and not isinstance(model, LinearScores):
        raise UserError(
            f"optimizer={name} model={model.name}: the method stores one number per sample and class, which "
            "is enough only where scores are linear in the parameters; use model=logistic or model=softmax, "
            "or optimizer=svrg"
        )
    if "hessian_block" in asks and not isinstance(model, HessianBlocks):
        raise UserError(
            f"optimizer={name} model={model.name}: the method takes the Hessian among some parameters, "
            "which is known of model=logistic and model=softmax; use these or optimizer=owl_qn"
        )
    if "matrices" in asks and not has_matrix(model):
        raise UserError(
            f"optimizer={name} model={model.name}: the method works on matrices of weights, and the weights "
            "of this model make a single vector; use model=softmax, or model=mlp with hidden layers, or "
            "optimizer=lamb"
        )
    if "full_batch" in asks and (rate := rate_of(model)):
        raise UserError(
            f"model.dropout={rate}: optimizer={name} sets the gradient of the network without its masks "
            "against gradients with them; set model.dropout=0, or use optimizer=sgd"
        )


def _check_memory(name: str, model: Model, n: int, number_bytes: int) -> None:
    asks, p = optimizers.asks(name), model.n_parameters
    if optimizers.REGISTRY.entry(name).has_matrices and (size := p**2 * number_bytes) > HESSIAN_BYTES:
        raise UserError(
            f"optimizer={name}: the Hessian of {p:,} parameters takes {size / 2**30:.1f} GiB, more than "
            f"{HESSIAN_BYTES / 2**30:.0f} GiB; use optimizer=newton_cg, which needs no Hessian, or a smaller "
            "model"
        )
    scores = model.n_scores if isinstance(model, LinearScores) else 0
    if "sample_slopes" in asks and (size := scores * n * number_bytes) > TABLE_BYTES:
        raise UserError(
            f"optimizer={name}: one number for each of {n:,} samples and {scores} scores takes "
            f"{size / 2**30:.1f} GiB a run, more than {TABLE_BYTES / 2**30:.0f} GiB; use optimizer=svrg"
        )
