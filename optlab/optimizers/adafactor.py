"""Adafactor."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.options import Count, Positive
from optlab.models.layers import Layer
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rule, optimizer


class AdafactorState(NamedTuple):
    t: int
    squares: tuple[
        tuple[Array, ...], ...
    ]  # of every layer: means of rows (R, in) and columns (R, out), or all


@optimizer("gradient", "layers", family="adaptive")
def adafactor(
    lr: Positive = 1e-2,
    decay: Positive = 0.8,
    clipping: Positive = 1.0,
    relative: bool = True,
    factored_from: Count = 128,
    eps: Positive = 1e-30,
    least_size: Positive = 1e-3,
) -> Rule:
    """Adafactor: divides by a mean of g^2 of which a matrix keeps rows and columns only; steps as w is long.

        b =  1 - t^(-decay)
        r <- b * r + (1 - b) * mean of g^2 + eps over the columns
        c <- b * c + (1 - b) * mean of g^2 + eps over the rows          v = r c^T / mean(r)
        u =  g / sqrt(v),    divided by max(1, rms(u) / clipping)
        w <- w - lr * max(rms(w), least_size) * u

    This is done in every layer, with its weights and with its biases apart; vectors and small matrices keep
    v <- b * v + (1 - b) * (g^2 + eps) itself. rms is the root of the mean of squares.

    Args:
        lr: learning rate, relative to the parameters' size, positive; the paper's is min(0.01, 1 / sqrt(t)).
        decay: exponent of the decay of the means, positive.
        clipping: largest rms of u, positive.
        relative: whether the step is multiplied by max(rms(w), least_size).
        factored_from: rows and columns from which on a matrix is factored, at least 1.
        eps: added to g^2, positive.
        least_size: least rms of w that counts, positive.

    Reference: Shazeer and Stern, Adafactor: Adaptive Learning Rates with Sublinear Memory Cost, 2018,
    algorithms 4 and 5; defaults as in optax.
    """

    def is_factored(layer: Layer) -> bool:
        return layer.is_matrix and min(layer.shape) >= factored_from

    def init(w: Array, objective: Oracle) -> AdafactorState:
        shapes = [layer.shape if is_factored(layer) else (layer.size,) for layer in objective.layers]
        zeros = [tuple(np.zeros((len(w), side), w.dtype) for side in shape) for shape in shapes]
        return AdafactorState(0, tuple(zeros))

    def update(w: Array, state: AdafactorState, objective: Oracle) -> tuple[Array, AdafactorState]:
        g, t, new, squares = objective.gradient(w), state.t + 1, w.copy(), []
        b = 1 - t ** (-decay)
        for layer, means in zip(objective.layers, state.squares, strict=True):
            own = g[:, layer.place]
            now: tuple[Array, ...] = (own**2 + eps,)
            if is_factored(layer):
                matrix = layer.view(g) ** 2 + eps
                now = (matrix.mean(2), matrix.mean(1))
            squares.append(tuple(b * mean + (1 - b) * part for mean, part in zip(means, now, strict=True)))
            u = own / np.sqrt(_product(*squares[-1]))
            u = u / np.maximum(1, _rms(u) / clipping)
            size = np.maximum(_rms(w[:, layer.place]), least_size) if relative else 1.0
            new[:, layer.place] -= lr * size * u
        return new, AdafactorState(t, tuple(squares))

    return Rule(init, update)


def _product(mean: Array, columns: Array | None = None) -> Array:
    """v (R, size) of a layer."""
    if columns is None:
        return mean
    product = (mean / mean.mean(1, keepdims=True))[:, :, None] * columns[:, None]
    return product.reshape(len(mean), -1)


def _rms(a: Array) -> Array:
    """Roots of the mean squares (R, 1) of the rows of a."""
    return np.sqrt((a**2).mean(1, keepdims=True))
