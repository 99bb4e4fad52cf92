"""Records: what is measured while a stack is trained, and which of its runs go on."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.datasets.dataset import Dataset
from optlab.models.model import Model, Samples
from optlab.objective.evaluation import Evaluation
from optlab.objective.oracle import Oracle
from optlab.training.history import History
from optlab.training.metrics import RECORDED, Point, activity, fit, held_out, measure_all
from optlab.training.settings import Training
from optlab.training.stopping import WORSE, Standing

COST, VALIDATION_COST, GRAD_NORM = map(RECORDED.index, ("train_cost", "validation_cost", "grad_norm"))
"""The rows of a record's values that the stop rules look at."""


class Record(NamedTuple):
    """One recorded point."""

    step: int
    epoch: float
    seconds: float
    runs: Array  # (active,) positions of the runs that were active
    values: Array  # (columns, active)


class Recorder:
    """Measures the active runs of a stack at recorded points, and says which of them go on.

    Args:
        model, dataset: what is trained, and on what.
        samples: the training data as the model reads them.
        training: what is recorded, and when a run ends.
        n_runs: number of runs R.
        dtype: of the parameters.
    """

    def __init__(
        self,
        model: Model,
        dataset: Dataset,
        samples: Samples,
        training: Training,
        n_runs: int,
        dtype: np.dtype,
    ) -> None:
        self.last_cost = np.full(n_runs, np.nan)
        """Training cost (R,) at the last recorded point."""
        self._training = training
        self._is_recorded = training.due_steps(len(samples.y))
        self._steps_per_epoch = training.steps_per_epoch(len(samples.y))
        self._samples = samples
        self._watched = samples if training.record_activations else None
        parts = {"validation": dataset.validation, "test": dataset.test}
        self._held_out = {
            name: model.prepare(part, dtype)._replace(weight=None)  # see `class_weights`
            for name, part in parts.items()
            if len(part.y)
        }
        self._records: list[Record] = []
        self._columns: tuple[str, ...] = ()  # of the records' values
        self._parameters: list[Array] = []  # of all records, if all are wanted
        self._active = np.arange(n_runs)
        self._status = ["completed"] * n_runs
        self._initial_cost = np.zeros(n_runs)  # the first that is not 0
        self._final_point = np.zeros(n_runs, int)
        self._final_validation_cost = np.full(n_runs, np.inf)
        self._final_parameters = np.full((n_runs, model.n_parameters), np.nan, dtype)

    def is_due(self, step: int, seconds: float) -> bool:
        """Whether a step is to be recorded: `training.record_every` says so, or the time is over."""
        limit = self._training.max_seconds
        return self._is_recorded(step) or (limit is not None and seconds >= limit)

    def record(self, step: int, seconds: float, oracle: Oracle) -> Array:
        """Record the active runs and apply the stop rules.

        Args:
            step, seconds: where training stands.
            oracle: of the active runs, evaluated where they stand: value, accuracy and perhaps gradient.

        Returns:
            Mask of the active runs that go on.
        """
        runs, train = self._active, oracle.evaluation
        assert train is not None
        columns = measure_all(self._point(oracle, train))
        values = np.concatenate([*columns.values()], dtype=float).reshape(len(columns), len(runs))
        self._columns = tuple(columns)
        self._records.append(Record(step, step / self._steps_per_epoch, seconds, runs, values))
        if self._training.record_parameters == "all":
            self._parameters.append(train.w)
        self._note_end(train.w, values[VALIDATION_COST])
        active = np.ones(len(runs), bool)
        for r, status in self._training.statuses(self._standing(values, seconds)).items():
            self._status[runs[r]], active[r] = status, False
        self._active = runs[active]
        return active

    def _point(self, oracle: Oracle, train: Evaluation) -> Point:
        """What is known of the active runs, of data that are not trained on too."""
        model, held = oracle.model, self._held_out
        return Point(
            oracle.objective,
            train,
            oracle.counts[:, self._active],
            fit(model, self._samples, train.accuracy),
            held_out(model, train.w, held.get("validation")),
            held_out(model, train.w, held.get("test")),
            activity(model, train.w, self._watched),
        )

    def _note_end(self, w: Array, validation_cost: Array) -> None:
        """Remember the point that the active runs would end with: this one, or an earlier that was better."""
        now, runs = len(self._records) - 1, self._active
        if self._training.patience is not None:
            ends = (validation_cost < self._final_validation_cost[runs]) | (now == 0)
            runs, w = runs[ends], w[ends]
            self._final_validation_cost[runs] = validation_cost[ends]
        self._final_point[runs] = now
        if self._training.record_parameters != "none":
            self._final_parameters[runs] = w

    def _standing(self, values: Array, seconds: float) -> Standing:
        """Where the active runs stand."""
        runs, cost = self._active, values[COST]
        previous, self.last_cost[runs] = self.last_cost[runs], cost
        initial = self._initial_cost[runs]
        self._initial_cost[runs] = initial = np.where(initial > 0, initial, cost)
        since_best = len(self._records) - 1 - self._final_point[runs]
        return Standing(cost, previous, initial, values[GRAD_NORM], since_best, seconds)

    def history(self) -> History:
        """All that was recorded."""
        n_runs = len(self._status)
        n_points = np.zeros(n_runs, int)
        table = np.full((len(self._columns), len(self._records), n_runs), np.nan)
        for t, record in enumerate(self._records):
            n_points[record.runs] = t + 1
            table[:, t, record.runs] = record.values
        steps = np.array([record.step for record in self._records])
        return History(
            step=steps,
            epoch=np.array([record.epoch for record in self._records]),
            seconds=np.array([record.seconds for record in self._records]),
            columns=dict(zip(self._columns, table, strict=True)),
            n_points=n_points,
            status=[self._final_status(r, steps, table[:, :, r], n_points[r]) for r in range(n_runs)],
            final_point=self._final_point,
            parameters=self._recorded_parameters(),
        )

    def _final_status(self, run: int, steps: Array, values: Array, n_points: int) -> str:
        """The status of a run with these values (columns, T): where it only seems to end well, the reason."""
        if self._status[run] not in ("completed", "converged"):
            return self._status[run]
        first, end = values[COST, 0], values[COST, self._final_point[run]]
        if 0 < WORSE * first < end:
            return "worse"
        cost, grad_norm = values[COST, :n_points], values[GRAD_NORM, :n_points]
        stalled = self._training.stalled(steps[:n_points], cost, grad_norm, self._final_parameters.dtype)
        return "stalled" if stalled else self._status[run]

    def _recorded_parameters(self) -> Array | None:
        """None, those that the runs end with (R, P), or those of all points (T, R, P)."""
        if self._training.record_parameters == "none":
            return None
        if self._training.record_parameters == "final":
            return self._final_parameters
        final = self._final_parameters
        parameters = np.full((len(self._records), *final.shape), np.nan, final.dtype)
        for t, record in enumerate(self._records):
            parameters[t, record.runs] = self._parameters[t]
        return parameters
