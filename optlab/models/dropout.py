"""Inverted dropout: in every training step each hidden unit is silenced at random, for each sample anew.

The activations of a hidden layer are multiplied by a mask that is 0 with probability `rate` and
1 / (1 - rate) otherwise, so that their mean stays as it is. A step has its masks, which all its evaluations
share; measuring, predicting and the objective on all samples, where SVRG has its anchors, have none.

Reference: Srivastava et al., Dropout: A Simple Way to Prevent Neural Networks from Overfitting, 2014,
section 4; scaled in training instead of afterwards, as section 10 proposes and PyTorch does.
"""

from collections.abc import Sequence

import numpy as np

from optlab.core.arrays import Array
from optlab.models.model import HiddenLayers, Model


def rate_of(model: Model) -> float:
    """The rate of a model's dropout; 0 of a model without hidden layers."""
    return model.dropout if isinstance(model, HiddenLayers) else 0.0


def masks(
    sizes: Sequence[int], rate: float, n: int, rng: np.random.Generator, dtype: np.dtype
) -> tuple[Array, ...]:
    """A mask (h, n) for n samples and every hidden layer, the same in either precision."""
    scale = dtype.type(1 / (1 - rate))
    return tuple((rng.random((h, n), np.float32) >= rate) * scale for h in sizes)


def drop_units(a: Array, masks: tuple[Array, ...], layer: int) -> Array:
    """Activations, or derivatives of them, (R, h, B) of hidden layer 0, 1, ... after its mask, if any."""
    return a * masks[layer] if masks else a
