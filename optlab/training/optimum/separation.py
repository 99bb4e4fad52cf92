"""Whether classes can be separated: then a cost without a penalty has no minimum.

A sample of class y is on its own side of scores that are linear in w if z_y - z_k >= 0 for all other classes
k. With a row of A for each of these differences, the classes are

    separable        if some w has A w > 0 in all rows: along it the cost falls to 0
    quasi-separable  if some w has A w >= 0 in all rows, and not 0 in all: the cost falls to a value above 0

and overlap otherwise; then there is a minimum. Both are linear programs.

References: Albert and Anderson, On the existence of maximum likelihood estimates in logistic regression
models, Biometrika 71, 1984; Konis, Linear programming algorithms for detecting separated data in binary
logistic regression models, 2007, section 4.2.
"""

from typing import Any, Literal

import numpy as np

from optlab.core.arrays import Array

MAX_ENTRIES = 1e6
"""Of A, for which the programs take seconds."""

MAX_ITERATIONS = 20_000  # of the simplex method; seconds would depend on what else the machine does
TOLERANCE = 1e-6  # of sums, which are 0 or of the size of a sample

Separation = Literal["separable", "quasi-separable", "overlapping"]


def separation(x: Any, y: Array, n_scores: int, intercept: bool) -> Separation | None:
    """Whether the classes y (n,) of samples x (n, d), dense or CSR, can be separated.

    Args:
        n_scores: 1 of logistic regression, else one for each class.
        intercept: whether scores have one.

    Returns:
        None where the programs are too large or end without an answer.
    """
    n_others = max(n_scores - 1, 1)
    entries = np.count_nonzero(x) if isinstance(x, np.ndarray) else x.nnz
    if 2 * n_others * (entries + len(y)) > MAX_ENTRIES:
        return None
    rows = _differences(x, y, n_scores, intercept)
    total = _largest(np.asarray(rows.sum(0)).ravel(), rows)
    if total is None:
        return None
    if total <= TOLERANCE * len(y):
        return "overlapping"
    from scipy.sparse import csr_array, hstack

    margin = csr_array(-np.ones((rows.shape[0], 1)))
    least = _largest(np.append(np.zeros(rows.shape[1]), 1.0), hstack([rows, margin], format="csr"))
    if least is None:
        return None
    return "separable" if least > TOLERANCE else "quasi-separable"


def _differences(x: Any, y: Array, n_scores: int, intercept: bool) -> Any:
    """A, a csr_array; columns are parameters, each scaled to entries of at most 1."""
    from scipy.sparse import csr_array, hstack, vstack

    a = csr_array(x)
    size = np.asarray(abs(a).max(0).todense()).ravel()
    a = csr_array(a / np.where(size > 0, size, 1))
    if intercept:
        a = hstack([a, csr_array(np.ones((len(y), 1)))], format="csr")
    if n_scores == 1:
        return csr_array(a.multiply(np.where(y == 1, 1.0, -1.0)[:, None]))
    blocks = []
    for own in range(n_scores):
        mine = a[np.flatnonzero(y == own)]
        for other in range(n_scores):
            if other != own:
                columns: list[Any] = [csr_array(mine.shape)] * n_scores
                columns[own], columns[other] = mine, -mine
                blocks.append(hstack(columns, format="csr"))
    return vstack(blocks, format="csr")


def _largest(objective: Array, rows: Any) -> float | None:
    """The largest objective^T w with rows w >= 0 and -1 <= w <= 1; None: there is no answer."""
    from scipy.optimize import linprog

    answer = linprog(
        -objective, A_ub=-rows, b_ub=np.zeros(rows.shape[0]), bounds=(-1, 1), method="highs",
        options={"maxiter": MAX_ITERATIONS},
    )  # fmt: skip
    return -float(answer.fun) if answer.status == 0 else None
