"""The training loop: a stack of runs in, their trajectories out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from time import perf_counter

import numpy as np

from optlab import optimizers
from optlab.core.arrays import Array, keep_freed_memory
from optlab.core.streams import Purpose, stream
from optlab.datasets.dataset import Dataset
from optlab.models.dropout import rate_of
from optlab.models.model import Model
from optlab.objective.evaluation import EvaluationCache
from optlab.objective.objective import Objective
from optlab.objective.oracle import Oracle
from optlab.objective.penalty import stack_penalties
from optlab.training.batches import Batches
from optlab.training.block import drop_finished, make_blocks, rule_key, update_all
from optlab.training.constants import with_constants
from optlab.training.feasibility import check
from optlab.training.history import History
from optlab.training.l1_max import with_numbers
from optlab.training.recorder import Recorder
from optlab.training.run import RunSpec
from optlab.training.schedules import Schedule, constant
from optlab.training.settings import Training

__all__ = ["Progress", "RunSpec", "Training", "train"]

PROGRESS_SECONDS = 0.2

Progress = Callable[[int, int, Array], None]


def train(
    model: Model,
    dataset: Dataset,
    runs: Sequence[RunSpec],
    training: Training,
    schedule: Schedule | Mapping[str, Schedule] | None = None,
    dtype: str = "float64",
    progress: Progress | None = None,
) -> History:
    """Train the runs of a stack together.

    Args:
        model: shared by all runs.
        dataset: its training part is trained on, the others are measured.
        runs: with mini-batches or dropout all have the same seed, so that all see the same batches and masks.
        training: budget, batches, stop rules and records.
        schedule: factor of the learning rate at every step; or such factors of several numbers, by name.
        dtype: float64 or float32, of data and parameters.
        progress: called now and then with the steps done, the budget and the runs' last costs (R,).

    Returns:
        The trajectories, in the order of `runs`.

    Raises:
        UserError: see `check`.
    """
    check(model, dataset, runs, training, dtype)
    keep_freed_memory()
    with np.errstate(all="ignore"):  # a diverging run is data, not a warning
        trainer = Trainer(model, dataset, runs, training, np.dtype(dtype))
        rate = constant(trainer.budget) if schedule is None else schedule
        schedules = rate if isinstance(rate, Mapping) else {"lr": rate}
        while True:
            trainer.record_if_due()
            trainer.report(progress)
            if trainer.is_finished:
                return trainer.history()
            trainer.take_step(schedules)


class Trainer:
    """A stack on its way: its runs stand where their rules have taken them, and leave when they have ended.

    Runs that one rule can update stand side by side, whatever the order they came in.
    """

    def __init__(
        self, model: Model, dataset: Dataset, runs: Sequence[RunSpec], training: Training, dtype: np.dtype
    ) -> None:
        n, samples = len(dataset.train.y), model.prepare(dataset.train, dtype)
        order = sorted(range(len(runs)), key=lambda r: rule_key(runs[r]))
        runs = [runs[r]._replace(penalty=with_numbers(runs[r].penalty, model, dataset.train)) for r in order]
        runs = with_constants(runs, model, dataset, samples.weight)
        self._original_order = np.argsort(order)
        self._lr = np.array([run.options.get("lr", np.nan) for run in runs])

        self._recorder = Recorder(model, dataset, samples, training, len(runs), dtype)
        self._batches = Batches(n, training, runs[0].seed, dropout=rate_of(model) > 0)
        self._records_gradient = self._batches.steps_on_recorded_cost or training.grad_tolerance is not None
        self._shares_pass = any(optimizers.asks(run.optimizer) & {"value", "gradient"} for run in runs)
        self._needs_value = any("value" in optimizers.asks(run.optimizer) for run in runs)

        self.step, self.budget, self.seconds = 0, training.budget(n), 0.0
        self.is_finished = False
        self._last_report = perf_counter()

        penalty = stack_penalties([run.penalty for run in runs], dtype)
        cache = EvaluationCache(len(runs))
        seeds = [run.seed for run in runs]
        objective = Objective(model, samples, penalty)
        self._oracle = Oracle(objective, len(runs), training.clip_norm, cache, seeds)
        self._point: Oracle | None = None  # the oracle with what has just been recorded
        self._w = _initial_parameters(model, runs, dtype)
        self._blocks = make_blocks(runs, model.penalty_mask, dtype)
        for block in self._blocks:
            block.begin(self._w, self._oracle)

    def record_if_due(self) -> None:
        """Record the runs, if this step is one to record, and let those leave that have ended."""
        self._point = None
        if not self._recorder.is_due(self.step, self.seconds):
            return
        begin = perf_counter()
        point = self._oracle.evaluated_at(self._w, gradient=self._records_gradient, accuracy=True)
        if self._batches.steps_on_recorded_cost and self.step < self.budget:
            self.seconds += perf_counter() - begin  # the step's own gradient came with it
        active = self._recorder.record(self.step, self.seconds, point)
        n_active = np.count_nonzero(active)
        self.is_finished = self.step == self.budget or n_active == 0
        if n_active < len(active) and not self.is_finished:
            self._w, self._oracle = self._w[active], self._oracle.select_runs(active)
            point = point.select_runs(active)
            self._blocks = drop_finished(self._blocks, active)
        self._point = point

    def take_step(self, schedules: Mapping[str, Schedule]) -> None:
        """Update all runs once, on the next batch; `schedules` are those of the rules' numbers, by name."""
        begin = perf_counter()
        self.step += 1
        steps = ((number, schedule(self.step)) for number, schedule in schedules.items())
        factors = {number: factor for number, factor in steps if factor != 1}
        self._w = update_all(self._blocks, self._step_oracle(), self._w, factors)
        self.seconds += perf_counter() - begin

    def _step_oracle(self) -> Oracle:
        """The oracle on the next batch, evaluated at w where the blocks can share the pass over it."""
        if self._point is not None and self._batches.steps_on_recorded_cost:
            return self._point
        oracle = self._batches.next(self._oracle)
        if not self._shares_pass:
            return oracle
        return oracle.evaluated_at(self._w) if self._needs_value else oracle.with_gradient_at(self._w)

    def report(self, progress: Progress | None) -> None:
        """Tell `progress` where training stands, if it has not been told for a while."""
        if progress and perf_counter() - self._last_report > PROGRESS_SECONDS:
            self._last_report = perf_counter()
            progress(self.step, self.budget, self._recorder.last_cost[self._original_order])

    def history(self) -> History:
        """All that was recorded, in the order that the runs came in."""
        return replace(self._recorder.history(), lr=self._lr).select_runs(self._original_order)


def _initial_parameters(model: Model, runs: Sequence[RunSpec], dtype: np.dtype) -> Array:
    """Initial parameters (R, P): the same for the same seed, whatever the optimizer."""
    seeds = {run.seed for run in runs}
    by_seed = {seed: model.initial(stream(Purpose.INITIAL_PARAMETERS, seed)) for seed in seeds}
    return np.stack([by_seed[run.seed] for run in runs]).astype(dtype)
