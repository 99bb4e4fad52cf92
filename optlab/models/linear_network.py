"""Networks without hidden layers: their scores are linear in the parameters."""

import numpy as np

from optlab.core.arrays import Array, shared_outer_product
from optlab.models.class_weights import ClassWeight
from optlab.models.initial import Init
from optlab.models.margin_losses import Loss
from optlab.models.model import Samples
from optlab.models.network import Network, Output
from optlab.models.sparse import dense_columns
from optlab.models.work import FUNCTION, Answer, gram, product

CURVATURE_BOUNDS = {"softmax": 0.5, "sigmoid": 0.25}
"""Of cross-entropy in the scores, see `smoothness`."""


class LinearNetwork(Network):
    """One affine layer and an output activation."""

    def __init__(
        self,
        name: str,
        n_features: int,
        n_scores: int,
        n_classes: int,
        output: Output,
        loss: Loss,
        init: Init,
        biases: bool = True,
        class_weight: ClassWeight = None,
    ) -> None:
        sizes = [n_features, n_scores]
        super().__init__(name, sizes, n_classes, output, loss, init, biases=biases, class_weight=class_weight)
        self.n_scores = n_scores
        self.curvature_bound = CURVATURE_BOUNDS.get(output) if loss == "cross_entropy" else None

    def sample_slopes(self, w: Array, samples: Samples) -> Array:
        scores, _ = self._forward(self._layout.layers(w), samples.x)
        return self._loss.value_and_slope(scores[-1], samples.y, samples.weight)[1]

    def gradient_from_slopes(self, slopes: Array, samples: Samples, weight: float) -> Array:
        delta = slopes * slopes.dtype.type(weight)
        g = np.empty((len(slopes), self.n_parameters), slopes.dtype)
        [(g_weights, g_biases)] = self._layout.layers(g)
        if self._layout.biases:
            delta.sum(2, keepdims=True, out=g_biases)
        shared_outer_product(samples.x, delta, out=g_weights)
        return g

    def hessian_block(self, w: Array, samples: Samples, weight: float, positions: Array) -> Array:
        """Of pairs (j, k), a feature j (or the bias) and a score k, to which a parameter belongs.

        The entry of (j, k) and (l, m) is sum_i C_i[k, m] a_ij a_il, C_i as in `hessian`.
        """
        n, k = len(samples.y), self.n_scores
        features, scores_of = np.divmod(positions, k)  # weights stand row by row, biases after them
        scores, _ = self._forward(self._layout.layers(w), samples.x)
        blocks = np.empty((*positions.shape, positions.shape[1]), w.dtype)
        every = [self._score_curvature(scores[-1], samples, weight, second) for second in range(k)]
        for run, (feature, score) in enumerate(zip(features, scores_of, strict=True)):
            a = np.ones((n, len(feature)), w.dtype)
            weights = feature < self.n_features
            a[:, weights] = dense_columns(samples.x, feature[weights])
            for second in range(k):
                of_second = np.flatnonzero(score == second)
                curvature = every[second][run, score]  # (m, n)
                blocks[run][:, of_second] = (curvature * a.T) @ a[:, of_second]
        return blocks

    def _score_curvature(self, scores: Array, samples: Samples, weight: float, second: int) -> Array:
        """Weighted second derivatives (R, K, n) of the losses in one score and in every score."""
        direction = np.zeros_like(scores)
        direction[:, second] = weight if samples.weight is None else weight * samples.weight
        return self._loss.slope_derivative(scores, samples.y, direction)

    def hessian(self, w: Array, samples: Samples, weight: float) -> Array:
        """Of dense data: for each pair (j, k) of scores sum_i C_i[j, k] a_i a_i^T, a_i = [x_i, 1].

        C_i is the curvature of the loss of sample i in its scores.
        """
        if not isinstance(samples.x, np.ndarray):
            return super().hessian(w, samples, weight)
        n, k = len(samples.y), self.n_scores
        a = np.hstack([samples.x, np.ones((n, 1), samples.x.dtype)]) if self._layout.biases else samples.x
        scores, _ = self._forward(self._layout.layers(w), samples.x)
        hessian = np.empty((len(w), a.shape[1], k, a.shape[1], k), w.dtype)
        for second in range(k):
            curvature = self._score_curvature(scores[-1], samples, weight, second)
            for first in range(second + 1):
                for run, c in enumerate(curvature[:, first]):
                    block = (a.T * c) @ a
                    hessian[run, :, first, :, second] = hessian[run, :, second, :, first] = block
        return hessian.reshape(len(w), self.n_parameters, self.n_parameters)

    def work(self, samples: Samples, answer: Answer) -> float:
        if answer != "hessian" or not isinstance(samples.x, np.ndarray):
            return super().work(samples, answer)
        k = self.n_scores
        curvatures = FUNCTION * 2 * k * k * len(samples.y)
        return product(samples.x, k) + curvatures + k * (k + 1) / 2 * gram(samples.x)
