"""What a stack leaves behind: cost trajectories, statuses and parameters of its runs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from optlab.core.arrays import Array


@dataclass(frozen=True)
class History:
    """Recorded trajectories of R runs at T points; rows of a run end at its last recorded point."""

    step: Array  # (T,)
    epoch: Array  # (T,)
    seconds: Array  # (T,) wall clock of the stack, evaluation excluded
    columns: dict[str, Array]  # of the metrics, each (T, R); NaN where not available
    n_points: Array  # (R,) number of recorded points
    status: list[str]  # (R,) completed converged stalled early_stopped diverged timed_out worse
    final_point: Array  # (R,) the point whose parameters the run ends with
    parameters: Array | None  # None, (R, P) final or (T, R, P) all
    lr: Array | None = None  # (R,) learning rates, also those that `auto` chose; NaN where there is none
    seconds_spread: float | None = None  # largest less smallest of the last `seconds`, where it was repeated

    def final(self, name: str) -> Array:
        """A column (R,) where the runs end: at the last recorded point or, with patience, at the best."""
        return self.columns[name][self.final_point, np.arange(len(self.final_point))]

    def select_runs(self, index: Sequence[int] | Array) -> "History":
        """The same of the runs at these positions, in that order."""
        parameters = self.parameters
        if parameters is not None:
            parameters = parameters[index] if parameters.ndim == 2 else parameters[:, index]
        return replace(
            self,
            columns={name: column[:, index] for name, column in self.columns.items()},
            n_points=self.n_points[index],
            status=[self.status[r] for r in index],
            final_point=self.final_point[index],
            parameters=parameters,
            lr=None if self.lr is None else self.lr[index],
        )
