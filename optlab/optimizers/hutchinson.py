"""The diagonal of a Hessian, estimated."""

import numpy as np

from optlab.core.arrays import Array
from optlab.objective.oracle import Oracle


def hessian_diagonal(objective: Oracle, w: Array, t: int) -> Array:
    """z * H z (R, P) with random signs z, drawn from each run's seed for step t: its mean is H's diagonal.

    Reference: Bekas, Kokiopoulou and Saad, An estimator for the diagonal of a matrix, 2007, eq. (5).
    """
    z = np.where(objective.uniform(t, w.shape[1]) < 0.5, -1, 1).astype(w.dtype)
    return z * objective.hessian_vector(w, z)
