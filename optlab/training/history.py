"""What a stack leaves behind: cost trajectories, statuses and parameters of its runs."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from optlab.core.arrays import Array
from optlab.core.options import Count, NonNegative, Positive
from optlab.datasets.dataset import Dataset
from optlab.models.model import Model, Samples
from optlab.objective.objective import COUNTED, Evaluation, chunks, mean_loss

COLUMNS = (
    "train_cost",
    "train_accuracy",
    "validation_cost",
    "validation_accuracy",
    "test_cost",
    "test_accuracy",
    "grad_norm",
    *COUNTED,
)

DIVERGED = 1e6
"""A cost above so many times the initial cost counts as diverged."""


@dataclass(frozen=True)
class History:
    """Recorded trajectories of R runs at T points; rows of a run end at its last recorded point."""

    step: Array  # (T,)
    epoch: Array  # (T,)
    seconds: Array  # (T,) wall clock of the stack, evaluation excluded
    columns: dict[str, Array]  # COLUMNS and those of the activity, each (T, R); NaN where not available
    points: Array  # (R,) number of recorded points
    status: list[str]  # (R,) completed converged early_stopped diverged timed_out
    kept: Array  # (R,) the point whose parameters the run ends with
    parameters: Array | None  # None, (R, P) final or (T, R, P) all
    lr: Array | None = None  # (R,) learning rates, also those that `auto` chose; NaN where there is none
    seconds_spread: float | None = None  # largest less smallest of the last `seconds`, where it was repeated

    def rows(self, order: Sequence[int] | Array) -> "History":
        """The same with the runs in another order."""
        parameters = self.parameters
        if parameters is not None:
            parameters = parameters[order] if parameters.ndim == 2 else parameters[:, order]
        return History(
            self.step,
            self.epoch,
            self.seconds,
            {name: column[:, order] for name, column in self.columns.items()},
            self.points[order],
            [self.status[r] for r in order],
            self.kept[order],
            parameters,
            None if self.lr is None else self.lr[order],
            self.seconds_spread,
        )


def activity(model: Model, w: Array, samples: Samples) -> Array:
    """Saturation and sparsity (2 x hidden layers, R) of the model's hidden layers, see `Model.activity`."""
    n = len(samples.y)
    parts = chunks(samples, len(w) * model.width)
    return np.sum([len(part.y) / n * model.activity(w, part) for part in parts], axis=0)


@dataclass(frozen=True)
class StopRules:
    """When a run ends before its budget; None switches a rule off."""

    tolerance: NonNegative | None = None
    grad_tolerance: NonNegative | None = None
    patience: Count | None = None
    max_seconds: Positive | None = None


@dataclass
class Recorder:
    """Measures the active runs at recorded points, and says which of them go on."""

    model: Model
    dataset: Dataset
    stop: StopRules
    n_runs: int
    dtype: np.dtype
    keep_parameters: str  # none, final or all
    watched: Samples | None = None  # training data on which the activity of hidden layers is measured
    active: Array = field(init=False)  # positions of the runs that are still trained
    status: list[str] = field(init=False)
    kept: Array = field(init=False)
    _points: list[tuple[int, float, float, Array, Array]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.active = np.arange(self.n_runs)
        self.status = ["completed"] * self.n_runs
        self.kept = np.zeros(self.n_runs, int)
        self.best = np.full(self.n_runs, np.inf)  # validation cost at the kept point
        self.last_cost = np.full(self.n_runs, np.nan)
        self._initial_cost = np.zeros(self.n_runs)  # the first that is not 0
        self._final = np.full((self.n_runs, self.model.n_parameters), np.nan, self.dtype)
        self._all: list[Array] = []
        parts = {"validation": self.dataset.validation, "test": self.dataset.test}
        self._held_out = {
            name: self.model.prepare(part, self.dtype)._replace(weight=None)  # see `class_weights`
            for name, part in parts.items()
            if len(part.y)
        }
        layers = range(1, len(self.model.hidden) + 1) if self.watched else ()
        measured = [f"{what}_{layer}" for layer in layers for what in ("saturation", "sparsity")]
        self._names = (*COLUMNS, *measured)

    def record(self, step: int, epoch: float, seconds: float, point: Evaluation, counts: Array) -> Array:
        """Record the active runs at `point` and apply the stop rules.

        Args:
            step, epoch, seconds: where training stands.
            point: value, accuracy and perhaps gradient at the parameters of the active runs.
            counts: evaluations asked for by all runs so far (4, R).

        Returns:
            Mask of the active runs that go on.
        """
        values = self._measured(point, counts[:, self.active])  # (columns, active)
        self._points.append((step, epoch, seconds, self.active, values))
        if self.keep_parameters == "all":
            self._all.append(point.w)
        cost, validation_cost, grad_norm = values[0], values[2], values[6]
        previous, self.last_cost[self.active] = self.last_cost[self.active], cost
        self._keep(point.w, validation_cost)
        initial = self._initial_cost[self.active]
        self._initial_cost[self.active] = np.where(initial > 0, initial, cost)
        go_on = np.ones(len(self.active), bool)
        for status, ends in self._ended(cost, previous, grad_norm, seconds):
            if ends.any():
                for run in self.active[ends & go_on]:
                    self.status[run] = status
                go_on &= ~ends
        self.active = self.active[go_on]
        return go_on

    def _measured(self, point: Evaluation, counts: Array) -> Array:
        values = np.full((len(self._names), len(self.active)), np.nan)
        values[0], values[1] = point.value, point.accuracy
        for row, name in ((2, "validation"), (4, "test")):
            if name in self._held_out:
                loss, _, accuracy = mean_loss(self.model, point.w, self._held_out[name], accuracy=True)
                values[row], values[row + 1] = loss, accuracy
        if point.gradient is not None:
            values[6] = np.abs(point.gradient).max(1)
        values[7 : len(COLUMNS)] = counts
        if self.watched and self.model.hidden:
            values[len(COLUMNS) :] = activity(self.model, point.w, self.watched)
        return values

    def _keep(self, w: Array, validation_cost: Array) -> None:
        """Remember the parameters that a run would end with now."""
        now = len(self._points) - 1
        better = np.ones(len(self.active), bool)
        if self.stop.patience is not None:
            better = (validation_cost < self.best[self.active]) | (now == 0)
            self.best[self.active[better]] = validation_cost[better]
        self.kept[self.active[better]] = now
        if self.keep_parameters != "none":
            self._final[self.active[better]] = w[better]

    def _ended(
        self, cost: Array, previous: Array, grad_norm: Array, seconds: float
    ) -> list[tuple[str, Array]]:
        """Which of the active runs each stop rule ends, the strongest rule first."""
        diverged = ~np.isfinite(cost) | (cost > DIVERGED * self._initial_cost[self.active])
        rules = [("diverged", diverged)]
        if self.stop.tolerance is not None:
            rules.append(("converged", np.abs(cost - previous) < self.stop.tolerance))
        if self.stop.grad_tolerance is not None:
            rules.append(("converged", grad_norm < self.stop.grad_tolerance))
        if self.stop.patience is not None:
            waited = len(self._points) - 1 - self.kept[self.active]
            rules.append(("early_stopped", waited >= self.stop.patience))
        if self.stop.max_seconds is not None:
            rules.append(("timed_out", np.full(len(cost), seconds >= self.stop.max_seconds)))
        return rules

    def history(self) -> History:
        """All that was recorded."""
        n_points = len(self._points)
        table = np.full((len(self._names), n_points, self.n_runs), np.nan)
        points = np.zeros(self.n_runs, int)
        for t, (_, _, _, active, values) in enumerate(self._points):
            table[:, t, active] = values
            points[active] = t + 1
        parameters: Array | None = None
        if self.keep_parameters == "final":
            parameters = self._final
        elif self.keep_parameters == "all":
            parameters = np.full((n_points, *self._final.shape), np.nan, self.dtype)
            for t, (w, (_, _, _, active, _)) in enumerate(zip(self._all, self._points, strict=True)):
                parameters[t, active] = w
        step, epoch, seconds = (np.array([point[i] for point in self._points]) for i in range(3))
        columns = dict(zip(self._names, table, strict=True))
        return History(step, epoch, seconds, columns, points, self.status, self.kept, parameters)
