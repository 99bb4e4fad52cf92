"""What is known of a cost at a point, and where a rule asked last: a point is known by equal parameters."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from optlab.core.arrays import Array


class Evaluation(NamedTuple):
    """What is known of the cost at the parameters w of every run."""

    w: Array  # (R, P)
    value: Array  # (R,); None where the gradient alone is known
    gradient: Array | None = None  # (R, P), of the smooth part of the cost
    accuracy: Array | None = None  # (R,) of predicted labels; of numbers, the mean squared error
    counted: Array | None = None  # (R,) whether a rule has asked for it already; None: it has not

    def is_at(self, w: Array) -> bool:
        """Whether all runs of w (R, P) stand where this is known."""
        return w is self.w or (w.shape == self.w.shape and bool((w == self.w).all()))

    def select_runs(self, index: Any) -> "Evaluation":
        """The same of the runs that `index` (a slice, mask or positions) selects."""
        return Evaluation(*[None if a is None else a[index] for a in self])  # type: ignore[arg-type]


@dataclass(slots=True)
class EvaluationCache:
    """Where the rules of a stack asked last for value and gradient, on all samples.

    A line search ends where the next step begins: neither the step nor the record evaluate there again.
    """

    n_runs: int
    points: Evaluation | None = None  # of all runs; w is NaN where nothing is known

    def put(self, runs: Any, point: Evaluation) -> None:
        """Remember a point with value, gradient and accuracy, of the runs that stand at `runs` of all."""
        if self.points is None:
            shape, dtype = (self.n_runs, point.w.shape[1]), point.w.dtype
            w, g = np.full(shape, np.nan, dtype), np.empty(shape, dtype)
            self.points = Evaluation(w, np.empty(self.n_runs), g, np.empty(self.n_runs))
        for column, new in zip(self.points[:4], point[:4], strict=True):
            column[runs] = new  # type: ignore[index]

    def get(self, runs: Any, w: Array) -> Evaluation | None:
        """What is known of these runs at w (R, P), `counted` where it is; None: nothing is, of any run."""
        if self.points is None:
            return None
        points = self.points.select_runs(runs)
        known = (points.w == w).all(1)
        if not known.any():
            return None
        value, g, accuracy = map(np.array, points[1:4])  # copies: the next trial takes their place
        return Evaluation(w, value, g, accuracy, known)
