"""Sparse samples: products with a dense block of all runs, and weighted sums of the products of features."""

from functools import cached_property
from typing import Any

import numpy as np

from optlab.core.arrays import Array

MAX_PRODUCTS = 2**24
"""Products of two features that are kept for a data set at most; each takes 12 bytes."""


class SparseMatrix:
    """Samples in compressed sparse rows (CSR), in the place of an array (n, d).

    Slices of rows share memory with the whole, and are kept: passes over the data take the same ones again
    and again.
    """

    def __init__(self, csr: Any, whole: "SparseMatrix | None" = None, rows: tuple[int, int] = (0, 0)) -> None:
        self.csr = csr  # scipy.sparse.csr_array
        self.shape: tuple[int, int] = csr.shape
        self.dtype: np.dtype = csr.dtype
        self.T = csr.T
        self._slices: dict[tuple[int, int], SparseMatrix] = {}
        self._whole, self._rows = whole, rows

    def __len__(self) -> int:
        return self.shape[0]

    def __matmul__(self, block: Array) -> Array:
        return self.csr @ block

    def __getitem__(self, index: Any) -> "SparseMatrix":
        if not isinstance(index, slice):
            return SparseMatrix(self.csr[index])
        start, stop, _ = index.indices(len(self))
        if (start, stop) == (0, len(self)):
            return self
        if (start, stop) not in self._slices:
            self._slices[start, stop] = SparseMatrix(_view(self.csr, start, stop), self, (start, stop))
        return self._slices[start, stop]

    def gram(self, weights: Array) -> Array:
        """The sums of weight_i a_i a_i^T over rows a_i, for every column of weights (n, R): (R, d, d)."""
        d = self.shape[1]
        if self.row_products is None:
            scaled = (self._scaled(column) for column in weights.T)
            return np.stack([(self.T @ matrix).toarray() for matrix in scaled])
        sums = (self.row_products.T @ weights).T.reshape(-1, d, d)
        sums += np.swapaxes(np.triu(sums, 1), 1, 2)
        return sums

    @cached_property
    def row_products(self) -> Any:
        """The products a_j a_k, j <= k, of all features of every row: a csr_array (n, d^2).

        They make a sum of outer products of rows one product of a sparse matrix, for all runs at once. None
        where they are too many, or where the d^2 sums outnumber them.
        """
        if self._whole is not None:
            products = self._whole.row_products
            return products if products is None else _view(products, *self._rows)
        counts = np.diff(self.csr.indptr.astype(np.int64))
        n_products = int((counts * (counts + 1) // 2).sum())
        if not self.shape[1] ** 2 <= n_products <= MAX_PRODUCTS:
            return None
        return _row_products(self.csr)

    def _scaled(self, weights: Array) -> Any:
        """The csr_array with every row times its weight (n,)."""
        csr = self.csr
        data = csr.data * np.repeat(weights, np.diff(csr.indptr))
        return type(csr)((data, csr.indices, csr.indptr), shape=csr.shape)


def gram_of(x: Array | SparseMatrix, positions: Array, weight: Array) -> Array:
    """sum_i weight_i a_i a_i^T (m, m) over samples, a_i the m columns at `positions` of sample i."""
    if isinstance(x, np.ndarray):
        a = x[:, positions]
        return (a.T * weight) @ a
    columns = SparseMatrix(x.csr[:, positions])
    gram: Array = (columns.T @ columns._scaled(weight)).toarray()
    return gram


def dense_columns(x: Array | SparseMatrix, positions: Array) -> Array:
    """Some columns (n, m) of samples as an array."""
    return x[:, positions] if isinstance(x, np.ndarray) else x.csr[:, positions].toarray()


def _view(csr: Any, start: int, stop: int) -> Any:
    """Rows of a csr_array, whose own slices would be copies."""
    first, last = csr.indptr[start], csr.indptr[stop]
    data, indices, indptr = (
        csr.data[first:last],
        csr.indices[first:last],
        csr.indptr[start : stop + 1] - first,
    )
    view = type(csr)((data, indices, indptr), shape=(stop - start, csr.shape[1]))
    view.data, view.indices = data, indices  # of which the constructor may have made copies
    return view


def _row_products(csr: Any) -> Any:
    d = csr.shape[1]
    position = np.arange(csr.nnz, dtype=np.int32)
    partners = (
        np.repeat(csr.indptr[1:], np.diff(csr.indptr)) - position
    )  # those after it in its row, and itself
    ahead = np.append(0, np.cumsum(partners)).astype(np.int32)
    partner = np.arange(ahead[-1], dtype=np.int32) + np.repeat(position - ahead[:-1], partners)
    columns = np.repeat(csr.indices * d, partners) + csr.indices[partner]
    values = np.repeat(csr.data, partners) * csr.data[partner]
    return type(csr)((values, columns, ahead[csr.indptr]), shape=(csr.shape[0], d * d))
