"""Networks with hidden layers."""

import numpy as np

from optlab.core.arrays import Array
from optlab.models.activations import SATURATED
from optlab.models.class_weights import ClassWeight
from optlab.models.initial import Init
from optlab.models.margin_losses import Loss
from optlab.models.model import Samples
from optlab.models.network import ActivationName, Network, Output


class DeepNetwork(Network):
    """A network with at least one hidden layer."""

    def __init__(
        self,
        name: str,
        sizes: list[int],
        n_classes: int,
        output: Output,
        loss: Loss,
        init: Init,
        activation: ActivationName,
        dropout: float = 0.0,
        class_weight: ClassWeight = None,
    ) -> None:
        super().__init__(name, sizes, n_classes, output, loss, init, activation, class_weight=class_weight)
        self.hidden = tuple(sizes[1:-1])
        self.dropout = dropout

    def activity(self, w: Array, samples: Samples) -> Array:
        scores, hidden = self._forward(self._layout.layers(w), samples.x)
        flat = SATURATED * self._activation.steepest
        shares = []
        for z, a in zip(scores[:-1], hidden, strict=True):
            slope = np.abs(self._activation.derivative(z, a))
            shares += [(slope < flat).mean((1, 2)), (a == 0).mean((1, 2))]
        return np.array(shares)
