"""Initial weights of a layer, drawn from a run's own generator."""

from typing import Literal

import numpy as np

from optlab.core.arrays import Array

Init = Literal["zeros", "normal", "glorot", "he"]


def initial_weights(init: Init, fan_in: int, fan_out: int, rng: np.random.Generator) -> Array:
    """Weights (fan_in, fan_out) of one layer.

    `zeros`; `normal`: standard deviation 0.01; `glorot`: uniform with variance 2 / (fan_in + fan_out)
    (Glorot and Bengio 2010, eq. 16); `he`: normal with variance 2 / fan_in (He et al. 2015, eq. 10).
    """
    shape = (fan_in, fan_out)
    if init == "zeros":
        return np.zeros(shape)
    if init == "normal":
        return rng.normal(0, 0.01, shape)
    if init == "glorot":
        bound = np.sqrt(6 / (fan_in + fan_out))
        return rng.uniform(-bound, bound, shape)
    return rng.normal(0, np.sqrt(2 / fan_in), shape)
