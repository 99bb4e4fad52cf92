"""What passes over data cost a run on its own: stated by the models, charged by the oracle.

The unit is a multiply-add of a product of a matrix and a vector, both in the caches. In it cost

    x (n, d) times k columns                n d k
    the same of s stored numbers (sparse)   s (4 + 2 k)       each is found by its index first
    sum_i c_i x_i x_i^T of n dense rows     n d (d / 2 + 4)   matrices multiply twice as fast; rows are scaled
    the same of sparse rows                 8 for each product of two features that is stored, or 100 where
                                            its place in the sum has to be sought
    exp, log, tanh, ... of a number         10
    a parameter, in every vector of them    1                 see `VECTORS`
    Cholesky's factor of a P x P matrix     P^3 / 12

The constants are round; experiments/benchmarks/work.py compares them with measured times. Data that the
caches do not hold count as if they did, so that a run costs the same alone and in a stack, whose runs share
what is read. Left out are the rule's own arithmetic, the gathering of a batch, and Python's overhead.
"""

from typing import Literal, Protocol, runtime_checkable

import numpy as np

from optlab.core.arrays import Array
from optlab.models.model import Model, Samples
from optlab.models.sparse import SparseMatrix

Answer = Literal[
    "value",
    "gradient",  # and the value, which comes with it
    "slopes",  # of every sample's loss in its scores
    "gradient_from_slopes",
    "hessian",
    "curvature",  # what is computed once at a point for many products with the Hessian there
    "product",  # one of them, where the Hessian is not formed
]
"""What is computed in one go."""

FIND_STORED, USE_STORED = 4, 2
GRAM_SPEED = 2
SCALE_ROWS = 4
ADD_STORED_PRODUCT = 8
SEEK_PLACE = 100
FUNCTION = 10

VECTORS: dict[Answer, int] = {
    "value": 4,
    "gradient": 8,
    "slopes": 2,
    "gradient_from_slopes": 4,
    "hessian": 2,
    "curvature": 2,
    "product": 6,
}
"""Vectors of parameters that an answer reads and writes, for a penalty too: a run pays for one if it has none
as well, for it costs the same beside whatever runs are in its stack."""


@runtime_checkable
class StatesWork(Model, Protocol):
    """A model that says what its passes cost."""

    def work(self, samples: Samples, answer: Answer) -> float:
        """The cost of an answer on some samples, vectors of parameters not included."""
        ...


def work(model: Model, samples: Samples, answer: Answer) -> float:
    """The cost of an answer; NaN of a model that does not say."""
    if not hasattr(model, "work"):
        return np.nan
    return model.work(samples, answer) + VECTORS[answer] * model.n_parameters


def product(x: Array | SparseMatrix, columns: int = 1) -> float:
    """The cost of a product of x (n, d), or of its transpose, with so many columns."""
    if isinstance(x, SparseMatrix):
        return x.csr.nnz * (FIND_STORED + USE_STORED * columns)
    return x.size * columns


def gram(x: Array | SparseMatrix) -> float:
    """The cost of a weighted sum of the outer products of the rows of x (n, d)."""
    d = x.shape[1]
    if not isinstance(x, SparseMatrix):
        return x.size * (d / GRAM_SPEED + SCALE_ROWS)
    if x.row_products is not None:
        return x.row_products.nnz * ADD_STORED_PRODUCT
    return float(np.square(np.diff(x.csr.indptr).astype(float)).sum()) * SEEK_PLACE + d**2


def factorization(n_parameters: int) -> float:
    """The cost of solving with a Hessian once it is formed."""
    return n_parameters**3 / (6 * GRAM_SPEED)
