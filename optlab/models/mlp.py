"""Feed-forward networks of any depth; without a hidden layer, softmax regression."""

from itertools import pairwise
from typing import Literal

import numpy as np

from optlab.arrays import Array
from optlab.datasets.dataset import Part
from optlab.errors import UserError
from optlab.models.activations import ACTIVATIONS
from optlab.models.initial import Init, initial_weights
from optlab.models.linear import Loss
from optlab.models.losses import OUTPUT_ACTIVATIONS, SCORE_LOSSES
from optlab.models.model import REGISTRY, Samples, Sums
from optlab.options import Count

Output = Literal["softmax", "sigmoid", "identity"]
ActivationName = Literal["sigmoid", "tanh", "relu", "identity"]


class Network:
    """Affine layers Z = A W + b with an activation between them and an output activation at the end.

    Parameters (P,): W1 (in x out, row-major), b1, W2, b2, ... in one flat vector. A stack's layer is the
    view W (R, in, out) of its (R, P) parameters, so one product serves all runs. All samples are
    (B, d) for all runs; activations are (R, B, out).
    """

    def __init__(
        self,
        sizes: list[int],
        n_classes: int,
        activation: ActivationName,
        output: Output,
        loss: Loss,
        init: Init,
        biases: bool = True,
    ) -> None:
        self.sizes = sizes
        self.n_features = sizes[0]
        self.n_classes = n_classes
        self.width = sum(sizes[1:])
        self._layers = list(pairwise(sizes))
        self._biases = biases
        self.n_parameters = sum((fan_in + biases) * fan_out for fan_in, fan_out in self._layers)
        self._activation = ACTIVATIONS[activation]
        self._output = OUTPUT_ACTIVATIONS[output]
        self._loss = SCORE_LOSSES[loss, output]
        self._init = init
        self.penalized = np.ones(self.n_parameters)
        for _, b in self._views(self.penalized[None]):
            b[...] = 0

    def _views(self, w: Array) -> list[tuple[Array, Array]]:
        """Weights (R, in, out) and biases (R, 1, out) of every layer, as views of w (R, P)."""
        views, start = [], 0
        for fan_in, fan_out in self._layers:
            split, end = start + fan_in * fan_out, start + (fan_in + self._biases) * fan_out
            biases = w[:, split:end].reshape(len(w), int(self._biases), fan_out)
            views.append((w[:, start:split].reshape(len(w), fan_in, fan_out), biases))
            start = end
        return views

    def prepare(self, part: Part, dtype: np.dtype) -> Samples:
        return Samples(part.x.astype(dtype, copy=False), part.y)

    def initial(self, rng: np.random.Generator) -> Array:
        w = np.zeros((1, self.n_parameters))
        for weights, _ in self._views(w):
            weights[0] = initial_weights(self._init, weights.shape[1], weights.shape[2], rng)
        return w[0]

    def _forward(self, w: Array, x: Array) -> tuple[list[Array], list[Array]]:
        """Scores Z of every layer, and the inputs A of every layer (A[0] is x)."""
        scores: list[Array] = []
        inputs = [x]
        for weights, biases in self._views(w):
            if scores:
                inputs.append(self._activation.forward(scores[-1]))
            z = inputs[-1] @ weights
            if self._biases:
                z += biases
            scores.append(z)
        return scores, inputs

    def sums(
        self, w: Array, samples: Samples, weight: float, *, gradient: bool = False, correct: bool = False
    ) -> Sums:
        scores, inputs = self._forward(w, samples.x)
        right = (self._labels(scores[-1]) == samples.y).sum(1) if correct else None
        loss, delta = self._loss.value_and_slope(scores[-1], samples.y)
        if not gradient:
            return Sums(weight * loss, None, right)
        delta *= delta.dtype.type(weight)
        g = np.empty_like(w)
        views, g_views = self._views(w), self._views(g)
        for layer in reversed(range(len(views))):
            g_weights, g_biases = g_views[layer]
            np.matmul(np.swapaxes(inputs[layer], -1, -2), delta, out=g_weights)
            if self._biases:
                delta.sum(1, keepdims=True, out=g_biases)
            if layer > 0:
                delta = delta @ np.swapaxes(views[layer][0], -1, -2)
                delta *= self._activation.derivative(scores[layer - 1], inputs[layer])
        return Sums(weight * loss, g, right)

    def hessian_vector(self, w: Array, v: Array, samples: Samples, weight: float) -> Array:
        """Exact product by Pearlmutter's R-operator (Neural Computation 6, 1994): d/dr gradient(w + r v)."""
        scores, inputs = self._forward(w, samples.x)
        views, v_views = self._views(w), self._views(v)
        d_scores: list[Array] = []
        d_inputs: list[Array | float] = [0.0]
        for layer, ((weights, _), (v_weights, v_biases)) in enumerate(zip(views, v_views, strict=True)):
            dz = inputs[layer] @ v_weights
            if self._biases:
                dz += v_biases
            if layer > 0:
                slope = self._activation.derivative(scores[layer - 1], inputs[layer])
                d_inputs.append(slope * d_scores[-1])
                dz += d_inputs[-1] @ weights
            d_scores.append(dz)
        delta = weight * self._loss.value_and_slope(scores[-1], samples.y)[1]
        d_delta = weight * self._loss.slope_derivative(scores[-1], samples.y, d_scores[-1])
        product = np.empty_like(v)
        p_views = self._views(product)
        for layer in reversed(range(len(views))):
            p_weights, p_biases = p_views[layer]
            p_weights[...] = np.swapaxes(inputs[layer], -1, -2) @ d_delta
            if self._biases:
                p_biases[...] = d_delta.sum(1, keepdims=True)
            if layer > 0:
                p_weights += np.swapaxes(d_inputs[layer], -1, -2) @ delta
                z, a = scores[layer - 1], inputs[layer]
                back, slope = np.swapaxes(views[layer][0], -1, -2), self._activation.derivative(z, a)
                bent = self._activation.second_derivative(z, a) * d_scores[layer - 1]
                upstream = delta @ back
                d_upstream = d_delta @ back + delta @ np.swapaxes(v_views[layer][0], -1, -2)
                delta, d_delta = slope * upstream, slope * d_upstream + bent * upstream
        return product

    def hessian(self, w: Array, samples: Samples, weight: float) -> Array:
        """Hessian (R, P, P), column by column: products with the unit vectors, which form a stack too."""
        n_rows = max(1, 2**22 // (len(samples.y) * self.width + self.n_parameters))
        columns = []
        for start in range(0, self.n_parameters, n_rows):
            unit = np.eye(self.n_parameters, dtype=w.dtype)[start : start + n_rows]  # (k, P)
            columns.append(
                [self.hessian_vector(np.repeat(row[None], len(unit), 0), unit, samples, weight) for row in w]
            )
        return np.concatenate([np.stack(block) for block in columns], axis=1)

    def _labels(self, z: Array) -> Array:
        """Labels (R, B) that scores (R, B, K) predict."""
        return (z[..., 0] > self._threshold).astype(np.int64) if z.shape[-1] == 1 else z.argmax(-1)

    @property
    def _threshold(self) -> float:
        """The score above which a single output predicts label 1."""
        return 0.5 if self._output is OUTPUT_ACTIVATIONS["identity"] else 0.0

    def probabilities(self, w: Array, x: Array) -> Array:
        """Output activations (R, n, C); a single output p becomes (1 - p, p)."""
        a = self._output.forward(self._forward(w, x)[0][-1])
        return np.concatenate([1 - a, a], axis=-1) if a.shape[-1] == 1 else a

    def predict(self, w: Array, x: Array) -> Array:
        return self._labels(self._forward(w, x)[0][-1])


@REGISTRY.register
def softmax(
    n_features: int,
    n_classes: int,
    /,
    fit_intercept: bool = True,
    loss: Loss = "cross_entropy",
    init: Init = "zeros",
) -> Network:
    """Multinomial logistic regression: one score per class, P(y = k | x) = softmax(x W + b)_k."""
    return Network([n_features, n_classes], n_classes, "identity", "softmax", loss, init, fit_intercept)


@REGISTRY.register
def mlp(
    n_features: int,
    n_classes: int,
    /,
    hidden: list[Count] = [16, 16],  # noqa: B006  never modified; the default of the configuration
    activation: ActivationName = "relu",
    output_activation: Output | None = None,
    loss: Loss = "cross_entropy",
    init: Init = "glorot",
) -> Network:
    """Multilayer perceptron with hidden layers of the given sizes.

    Two classes need one output (sigmoid), more classes one output each (softmax), unless
    `output_activation` says otherwise; `cross_entropy` goes with these defaults only.

    Raises:
        UserError: the output activation does not fit the loss or the number of classes.
    """
    natural: Output = "sigmoid" if n_classes == 2 else "softmax"
    output = output_activation or natural
    if loss == "cross_entropy" and output != natural:
        raise UserError(
            f"model.output_activation={output}: cross_entropy with {n_classes} classes goes with {natural}; "
            f"leave it null, or use model.loss=mse"
        )
    outputs = 1 if n_classes == 2 and output != "softmax" else n_classes
    return Network([n_features, *hidden, outputs], n_classes, activation, output, loss, init)
