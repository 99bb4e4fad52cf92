"""Records: what is measured while a stack is trained, and which of its runs go on."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.datasets.dataset import Dataset
from optlab.models.model import Model, Samples
from optlab.objective.oracle import Oracle
from optlab.training.history import History
from optlab.training.metrics import Point, measured
from optlab.training.stopping import Standing, StopRules


class Record(NamedTuple):
    """One recorded point."""

    step: int
    epoch: float
    seconds: float
    runs: Array  # (active,) positions of the runs that were active
    columns: dict[str, Array]  # (active,) each


@dataclass
class Recorder:
    """Measures the active runs at recorded points, and says which of them go on."""

    model: Model
    dataset: Dataset
    stop: StopRules
    n_runs: int
    dtype: np.dtype
    record_parameters: str  # none, final or all
    watched: Samples | None = None  # training data that hidden layers are watched on
    active: Array = field(init=False)  # positions of the runs that are still trained
    last_cost: Array = field(init=False)  # (R,) training cost at the last recorded point
    _records: list[Record] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.active = np.arange(self.n_runs)
        self.last_cost = np.full(self.n_runs, np.nan)
        self._status = ["completed"] * self.n_runs
        self._initial_cost = np.zeros(self.n_runs)  # the first that is not 0
        self._final_point = np.zeros(self.n_runs, int)
        self._final_validation_cost = np.full(self.n_runs, np.inf)
        self._final_parameters = np.full((self.n_runs, self.model.n_parameters), np.nan, self.dtype)
        self._parameters: list[Array] = []
        parts = {"validation": self.dataset.validation, "test": self.dataset.test}
        self._held_out = {
            name: self.model.prepare(part, self.dtype)._replace(weight=None)  # see `class_weights`
            for name, part in parts.items()
            if len(part.y)
        }

    def record(self, step: int, epoch: float, seconds: float, oracle: Oracle) -> Array:
        """Record the active runs and apply the stop rules.

        Args:
            step, epoch, seconds: where training stands.
            oracle: of the active runs, evaluated where they stand: value, accuracy and perhaps gradient.

        Returns:
            Mask of the active runs that go on.
        """
        runs, train = self.active, oracle.evaluation
        assert train is not None
        counts = oracle.counts[:, runs]
        columns = measured(Point(oracle.objective, train, counts, self._held_out, self.watched))
        self._records.append(Record(step, epoch, seconds, runs, columns))
        if self.record_parameters == "all":
            self._parameters.append(train.w)
        self._note_end(train.w, columns["validation_cost"])
        status = self.stop.statuses(self._standing(columns, seconds))
        for run, name in zip(runs[status != ""], status[status != ""], strict=True):
            self._status[run] = str(name)
        self.active = runs[status == ""]
        return status == ""

    def _note_end(self, w: Array, validation_cost: Array) -> None:
        """Remember the point that the active runs would end with: this one, or an earlier that was better."""
        now = len(self._records) - 1
        ends = np.ones(len(self.active), bool)
        if self.stop.patience is not None:
            ends = (validation_cost < self._final_validation_cost[self.active]) | (now == 0)
        runs = self.active[ends]
        self._final_point[runs] = now
        self._final_validation_cost[runs] = validation_cost[ends]
        if self.record_parameters != "none":
            self._final_parameters[runs] = w[ends]

    def _standing(self, columns: dict[str, Array], seconds: float) -> Standing:
        """Where the active runs stand."""
        runs, cost = self.active, columns["train_cost"]
        previous, self.last_cost[runs] = self.last_cost[runs], cost
        initial = self._initial_cost[runs]
        self._initial_cost[runs] = initial = np.where(initial > 0, initial, cost)
        since_best = len(self._records) - 1 - self._final_point[runs]
        return Standing(cost, previous, initial, columns["grad_norm"], since_best, seconds)

    def history(self) -> History:
        """All that was recorded."""
        n_points = np.zeros(self.n_runs, int)
        columns = {
            name: np.full((len(self._records), self.n_runs), np.nan) for name in self._records[0].columns
        }
        for t, record in enumerate(self._records):
            n_points[record.runs] = t + 1
            for name, values in record.columns.items():
                columns[name][t, record.runs] = values
        return History(
            step=np.array([record.step for record in self._records]),
            epoch=np.array([record.epoch for record in self._records]),
            seconds=np.array([record.seconds for record in self._records]),
            columns=columns,
            n_points=n_points,
            status=self._status,
            final_point=self._final_point,
            parameters=self._recorded_parameters(),
        )

    def _recorded_parameters(self) -> Array | None:
        """None, those that the runs end with (R, P), or those of all points (T, R, P)."""
        if self.record_parameters == "none":
            return None
        if self.record_parameters == "final":
            return self._final_parameters
        parameters = np.full((len(self._records), *self._final_parameters.shape), np.nan, self.dtype)
        for t, record in enumerate(self._records):
            parameters[t, record.runs] = self._parameters[t]
        return parameters
