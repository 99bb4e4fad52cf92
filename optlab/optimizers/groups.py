"""Parameter groups: numbers of an optimizer that differ between weights and biases, or between layers.

A rule that updates each parameter from its own gradient alone (`Method.elementwise`) takes such a number as
an array (P,) where it takes an (R, 1) array for the runs: broadcasting does the rest.
"""

from dataclasses import dataclass

import numpy as np

from optlab.core.arrays import Array
from optlab.core.options import Positive, annotations
from optlab.optimizers.rule import REGISTRY


@dataclass(frozen=True)
class Groups:
    """The options of parameter groups; the signature is their schema in the `optimizer` section.

    Args:
        decay_biases: whether weight_decay acts on biases and intercepts too, as it does in PyTorch.
        layer_rates: factors of the learning rate, one for each layer, the first layer first; null: none.
    """

    decay_biases: bool = True
    layer_rates: list[Positive] | None = None

    def factors(self, is_weight: Array) -> dict[str, Array]:
        """By number of the optimizer, its factor at every parameter (P,).

        Args:
            is_weight: (P,) 1 at weights, 0 at biases (`Model.penalty_mask`).
        """
        factors = {}
        if not self.decay_biases:
            factors["weight_decay"] = is_weight
        if self.layer_rates is not None:
            factors["lr"] = np.array(self.layer_rates)[layers(is_weight)]
        return factors


def group_options(name: str) -> tuple[str, ...]:
    """The options of parameter groups that the optimizer called `name` has: all or none.

    Raises:
        UserError: there is no such optimizer.
    """
    return tuple(annotations(Groups)) if REGISTRY.entry(name).elementwise else ()


def layers(is_weight: Array) -> Array:
    """Which layer (P,), from 0, every parameter belongs to: a layer's biases follow its weights."""
    begins = np.diff(is_weight, prepend=0) > 0
    return np.cumsum(begins) - 1
