"""Feed-forward networks of any depth."""

from collections.abc import Callable
from itertools import pairwise
from typing import Literal

import numpy as np

from optlab.core.arrays import Array, shared_outer_product, shared_product
from optlab.core.errors import UserError
from optlab.datasets.dataset import Part
from optlab.models import passes
from optlab.models.activations import ACTIVATIONS
from optlab.models.class_weights import ClassWeight, check_class_weight, sample_weights
from optlab.models.dropout import drop_units
from optlab.models.initial import Init
from optlab.models.layout import Affine, Layout
from optlab.models.margin_losses import Loss
from optlab.models.model import Samples, Sums
from optlab.models.score_losses import OUTPUT_ACTIVATIONS, SCORE_LOSSES
from optlab.models.sparse import SparseMatrix
from optlab.models.work import FUNCTION, Answer, product

Output = Literal["softmax", "sigmoid", "identity"]
ActivationName = Literal[
    "sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu", "softplus", "identity", "step"
]

MAX_PARAMETERS = 2**28
"""Of a larger network, the dozen vectors that a run works with take more than 24 GiB."""


class Network:
    """Affine layers Z = W^T A + b with an activation between them and an output activation at the end.

    Parameters lie as in `Layout`. Scores and activations are (R, out, B): a column per sample, which keeps
    every elementwise operation contiguous.
    """

    def __init__(
        self,
        name: str,
        sizes: list[int],
        n_classes: int,
        output: Output,
        loss: Loss,
        init: Init,
        activation: ActivationName = "identity",
        biases: bool = True,
        class_weight: ClassWeight = None,
    ) -> None:
        self.name = name
        self.sizes = sizes
        self.n_features = sizes[0]
        self.n_classes = n_classes
        self.width = sum(sizes[1:])
        self._layout = Layout(sizes, biases)
        self.n_parameters = self._layout.n_parameters
        if self.n_parameters > MAX_PARAMETERS:
            raise UserError(
                f"model.hidden={sizes[1:-1]}: {self.n_parameters:,} parameters, more than "
                f"{MAX_PARAMETERS:,}; use smaller layers"
            )
        self.penalty_mask = self._layout.penalty_mask()
        self.layers = self._layout.named()
        self._activation = ACTIVATIONS[activation]
        self._output = OUTPUT_ACTIVATIONS[output]
        self._loss = SCORE_LOSSES[loss, output]
        self._init = init
        self._class_weight = check_class_weight(class_weight, n_classes)

    def prepare(self, part: Part, dtype: np.dtype) -> Samples:
        weight = sample_weights(self._class_weight, part.y, self.n_classes, dtype)
        x = part.x.astype(dtype, copy=False)
        return Samples(x if isinstance(x, np.ndarray) else SparseMatrix(x), part.y, weight)

    def initial(self, rng: np.random.Generator) -> Array:
        return self._layout.initial(self._init, rng)

    def _forward(
        self, layers: list[Affine], x: Array, masks: tuple[Array, ...] = ()
    ) -> tuple[list[Array], list[Array]]:
        """Scores of every layer, and activations of every hidden layer, to which the masks are still to be
        applied; `layers` are weights and biases."""
        passes.count(len(layers[0][0]), x.shape[0])
        scores: list[Array] = []
        hidden: list[Array] = []
        for layer, (weights, biases) in enumerate(layers):
            if layer == 0:
                z = shared_product(x, weights)
            else:
                hidden.append(self._activation.forward(scores[-1]))
                z = _transposed(weights) @ drop_units(hidden[-1], masks, layer - 1)
            if self._layout.biases:
                z += biases
            scores.append(z)
        return scores, hidden

    def loss_sums(
        self, w: Array, samples: Samples, weight: float, *, gradient: bool = False, correct: bool = False
    ) -> Sums:
        views, masks = self._layout.layers(w), samples.masks
        scores, hidden = self._forward(views, samples.x, masks)
        right = (self._labels(scores[-1]) == samples.y).sum(1) if correct else None
        loss, delta = self._loss.value_and_slope(scores[-1], samples.y, samples.weight)
        if not gradient:
            return Sums(weight * loss, None, right)
        delta *= delta.dtype.type(weight)
        g = np.empty_like(w)
        g_views = self._layout.layers(g)
        for layer in reversed(range(len(views))):
            g_weights, g_biases = g_views[layer]
            if self._layout.biases:
                delta.sum(2, keepdims=True, out=g_biases)
            if layer == 0:
                shared_outer_product(samples.x, delta, out=g_weights)
            else:
                np.matmul(drop_units(hidden[layer - 1], masks, layer - 1), _transposed(delta), out=g_weights)
                delta = drop_units(views[layer][0] @ delta, masks, layer - 1)
                delta *= self._activation.derivative(scores[layer - 1], hidden[layer - 1])
        return Sums(weight * loss, g, right)

    def hessian_vector(
        self, w: Array, v: Array, samples: Samples, weight: float, gauss_newton: bool = False
    ) -> Array:
        """Exact product by Pearlmutter's R-operator (Neural Computation 6, 1994): d/dr gradient(w + r v).

        Without the terms in which a layer's own gradient `delta` stands, what is left is the Gauss-Newton
        product (Schraudolph, Neural Computation 14, 2002).
        """
        views, v_views, masks = self._layout.layers(w), self._layout.layers(v), samples.masks
        scores, hidden = self._forward(views, samples.x, masks)
        d_scores: list[Array] = []
        d_hidden: list[Array] = []
        for layer, ((weights, _), (v_weights, v_biases)) in enumerate(zip(views, v_views, strict=True)):
            if layer == 0:
                dz = shared_product(samples.x, v_weights)
            else:
                slope = self._activation.derivative(scores[layer - 1], hidden[layer - 1])
                d_hidden.append(drop_units(slope * d_scores[-1], masks, layer - 1))
                a = drop_units(hidden[layer - 1], masks, layer - 1)
                dz = _transposed(v_weights) @ a + _transposed(weights) @ d_hidden[-1]
            d_scores.append(dz + v_biases if self._layout.biases else dz)
        slope = self._loss.value_and_slope(scores[-1], samples.y, samples.weight)[1]
        delta = (0 if gauss_newton else weight) * slope
        bend = self._loss.gauss_newton if gauss_newton else self._loss.slope_derivative
        d_delta = weight * bend(scores[-1], samples.y, d_scores[-1])
        if samples.weight is not None:
            d_delta *= samples.weight
        product = np.empty_like(v)
        p_views = self._layout.layers(product)
        for layer in reversed(range(len(views))):
            p_weights, p_biases = p_views[layer]
            if self._layout.biases:
                d_delta.sum(2, keepdims=True, out=p_biases)
            if layer == 0:
                shared_outer_product(samples.x, d_delta, out=p_weights)
            else:
                z, a = scores[layer - 1], hidden[layer - 1]
                p_weights[...] = drop_units(a, masks, layer - 1) @ _transposed(d_delta)
                p_weights += d_hidden[layer - 1] @ _transposed(delta)
                upstream = drop_units(views[layer][0] @ delta, masks, layer - 1)
                d_upstream = views[layer][0] @ d_delta + v_views[layer][0] @ delta
                d_upstream = drop_units(d_upstream, masks, layer - 1)
                slope = self._activation.derivative(z, a)
                d_slope = self._activation.second_derivative(z, a) * d_scores[layer - 1]
                delta, d_delta = slope * upstream, slope * d_upstream + d_slope * upstream
        return product

    def hessian_operator(
        self, w: Array, samples: Samples, weight: float, gauss_newton: bool = False
    ) -> Callable[[Array, Array], Array]:
        return lambda runs, v: self.hessian_vector(w[runs], v, samples, weight, gauss_newton)

    def hessian_is_cheap(self, samples: Samples) -> bool:
        return False

    def hessian(self, w: Array, samples: Samples, weight: float) -> Array:
        """Hessian (R, P, P), a block of rows at a time: products with unit vectors, themselves a stack."""
        n_rows = max(1, 2**22 // (len(samples.y) * self.width + self.n_parameters))
        hessian = np.empty((len(w), self.n_parameters, self.n_parameters), w.dtype)
        for start in range(0, self.n_parameters, n_rows):
            units = np.eye(self.n_parameters, dtype=w.dtype)[start : start + n_rows]
            for r, row in enumerate(w):
                rows = np.broadcast_to(row, units.shape)
                hessian[r, start : start + n_rows] = self.hessian_vector(rows, units, samples, weight)
        return hessian

    def work(self, samples: Samples, answer: Answer) -> float:
        """One product with the first layer's weights and one with all later ones make a forward pass.

        A gradient takes another product with the inputs, and two more with the later layers: for their
        weights, and for the errors below. `hessian_vector` differentiates all of them.
        """
        n, units, outputs = len(samples.y), self.width, self.sizes[-1]
        first = product(samples.x, self.sizes[1])
        later = n * sum(a * b for a, b in pairwise(self.sizes[1:]))
        function = n * FUNCTION
        match answer:
            case "value" | "slopes":
                return first + later + function * (units + outputs)
            case "gradient":
                return 2 * first + 3 * later + function * 2 * units
            case "gradient_from_slopes":
                return first
            case "curvature":
                return 0.0
            case "product":
                return 3 * first + 8 * later + function * 6 * units
            case "hessian":
                return self.n_parameters * self.work(samples, "product")

    def _labels(self, z: Array) -> Array:
        """Labels (R, B) that scores (R, K, B) predict."""
        if z.shape[1] > 1:
            return z.argmax(1)
        threshold = 0.5 if self._output is OUTPUT_ACTIVATIONS["identity"] else 0.0
        return (z[:, 0] > threshold).astype(np.int64)

    def probabilities(self, w: Array, x: Array) -> Array:
        """Output activations (R, n, C); a single output p becomes (1 - p, p)."""
        a = self._output.forward(self._forward(self._layout.layers(w), x)[0][-1])
        return _transposed(np.concatenate([1 - a, a], axis=1) if a.shape[1] == 1 else a)

    def predict(self, w: Array, x: Array) -> Array:
        return self._labels(self._forward(self._layout.layers(w), x)[0][-1])


def _transposed(matrices: Array) -> Array:
    return np.swapaxes(matrices, 1, 2)
