"""How weights and biases of affine layers lie in a flat vector of parameters."""

from itertools import pairwise

import numpy as np

from optlab.core.arrays import Array
from optlab.models.initial import Init, initial_weights
from optlab.models.layers import Layer

Affine = tuple[Array, Array]
"""Weights (R, in, out) and biases (R, out, 1) of a layer; without biases, (R, 0, 1)."""


class Layout:
    """Parameters (P,): W1 (in x out, row-major), b1, W2, b2, ... in one flat vector.

    A stack's layer is the view W (R, in, out) of its (R, P) parameters, so one product serves all runs.
    """

    def __init__(self, sizes: list[int], biases: bool) -> None:
        self.biases = biases
        self._shapes = list(pairwise(sizes))
        self.n_parameters = sum((fan_in + biases) * fan_out for fan_in, fan_out in self._shapes)

    def layers(self, w: Array) -> list[Affine]:
        """Views of w (R, P)."""
        layers, start = [], 0
        for fan_in, fan_out in self._shapes:
            split, end = start + fan_in * fan_out, start + (fan_in + self.biases) * fan_out
            weights = w[:, start:split].reshape(len(w), fan_in, fan_out)
            layers.append((weights, w[:, split:end, None]))
            start = end
        return layers

    def named(self) -> tuple[Layer, ...]:
        """What lies where: W1, b1, W2, ..."""
        named, start = list[Layer](), 0
        for number, (fan_in, fan_out) in enumerate(self._shapes, 1):
            weights = Layer(f"W{number}", start, (fan_in, fan_out), True)
            biases = Layer(f"b{number}", start + weights.size, (fan_out,), False)
            named += [weights, biases] if self.biases else [weights]
            start += weights.size + biases.size * self.biases
        return tuple(named)

    def penalty_mask(self) -> Array:
        """(P,) 1 at weights, 0 at biases."""
        mask = np.ones((1, self.n_parameters))
        for _, biases in self.layers(mask):
            biases[...] = 0
        return mask[0]

    def initial(self, init: Init, rng: np.random.Generator) -> Array:
        """Initial parameters (P,), biases 0."""
        w = np.zeros((1, self.n_parameters))
        for weights, _ in self.layers(w):
            weights[0] = initial_weights(init, weights.shape[1], weights.shape[2], rng)
        return w[0]
