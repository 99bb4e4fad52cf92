"""The training loop: a stack of runs in, their trajectories out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from time import perf_counter
from typing import cast

import numpy as np

from optlab import optimizers
from optlab.core.arrays import Array, keep_freed_memory
from optlab.datasets.dataset import Dataset
from optlab.models.dropout import rate_of
from optlab.models.model import LinearScores, Model
from optlab.models.smoothness import smoothness
from optlab.objective.evaluation import EvaluationCache
from optlab.objective.objective import Objective
from optlab.objective.oracle import Oracle
from optlab.objective.penalty import stacked
from optlab.training.block import blocks_of, kin, remaining, stepped
from optlab.training.feasibility import asks_for_rate, check
from optlab.training.history import History
from optlab.training.recorder import Recorder
from optlab.training.run import Member
from optlab.training.schedules import Schedule, constant
from optlab.training.settings import Training

__all__ = ["Member", "Progress", "Training", "train"]

PROGRESS_SECONDS = 0.2

Progress = Callable[[int, int, Array], None]


def train(
    model: Model,
    dataset: Dataset,
    members: Sequence[Member],
    training: Training,
    schedule: Schedule | Mapping[str, Schedule] | None = None,
    dtype: str = "float64",
    progress: Progress | None = None,
) -> History:
    """Train the runs of a stack together.

    Args:
        model: shared by all members.
        dataset: its training part is trained on, the others are measured.
        members: the runs; with mini-batches or dropout all have the same seed, so that all see the same
            batches and masks.
        training: budget, batches, stop rules and records.
        schedule: factor of the learning rate at every step; or such factors of several numbers, by name.
        dtype: float64 or float32, of data and parameters.
        progress: called now and then with the steps done, the budget and the runs' last costs (R,).

    Returns:
        The trajectories, runs in the order of `members`.

    Raises:
        UserError: see `check`.
    """
    check(model, dataset, members, training, dtype)
    keep_freed_memory()
    number = np.dtype(dtype)
    order = sorted(range(len(members)), key=lambda r: kin(members[r]))
    back = np.argsort(order)
    samples = model.prepare(dataset.train, number)
    stack = _with_rates([members[r] for r in order], model, dataset.train.x, samples.weight)
    blocks = blocks_of(stack, model.n_parameters, number)

    n, w = len(dataset.train.y), _initial(model, stack, number)
    budget, is_recorded = training.budget(n), training.recorded(n)
    schedules = schedule if isinstance(schedule, Mapping) else {"lr": schedule or constant(budget)}
    watched = samples if training.record_activations else None
    recorder = Recorder(model, dataset, training, len(stack), number, training.record_parameters, watched)
    penalty = stacked([member.penalty for member in stack], number)
    cache = EvaluationCache(len(stack))
    objective = Oracle(Objective(model, samples, penalty), len(stack), training.clip_norm, cache)
    batches = _batches(n, training, stack[0].seed)
    dropping = np.random.default_rng([stack[0].seed, 2]) if rate_of(model) else None
    full_batch = training.batch_size is None or training.batch_size >= n
    fixed = full_batch and dropping is None  # every step is taken on the cost that is recorded
    wants_gradient = fixed or training.grad_tolerance is not None
    shared_pass = any(optimizers.asks(member.optimizer) & {"value", "gradient"} for member in stack)

    seconds, step, last_report = 0.0, 0, perf_counter()
    with np.errstate(all="ignore"):  # a diverging run is data, not a warning
        for block in blocks:
            block.begin(w, objective)
        while True:
            begin = perf_counter()
            here = None
            timed_out = training.max_seconds is not None and seconds >= training.max_seconds
            if is_recorded(step) or timed_out:
                here = objective.evaluated_at(w, gradient=wants_gradient, accuracy=True)
                if fixed and step < budget:
                    seconds += perf_counter() - begin  # the step's own gradient came with it
                go_on = recorder.record(step, step / training.steps_per_epoch(n), seconds, here)
                if progress and perf_counter() - last_report > PROGRESS_SECONDS:
                    last_report = perf_counter()
                    progress(step, budget, recorder.last_cost[back])
                if step == budget or not go_on.any():
                    break
                if not go_on.all():
                    w, objective, here = w[go_on], objective.select_runs(go_on), here.select_runs(go_on)
                    blocks = remaining(blocks, go_on)
                begin = perf_counter()
            step += 1
            batch = next(batches)
            if here is None or not fixed:
                here = objective if fixed else objective.batch(batch, dropping)
                here = here.evaluated_at(w) if shared_pass else here
            w = stepped(blocks, here, w, {number: factor(step) for number, factor in schedules.items()})
            seconds += perf_counter() - begin
    rates = np.array([member.options.get("lr", np.nan) for member in stack])
    return replace(recorder.history(), lr=rates).select_runs(back)


def _with_rates(stack: Sequence[Member], model: Model, x: Array, weight: Array | None) -> list[Member]:
    """The runs of a stack, those that ask for lr=auto with the rate that theory gives for inputs x (n, d)."""
    if not any(asks_for_rate(member) for member in stack):
        return list(stack)
    known = smoothness(cast(LinearScores, model), x, weight)
    rated = []
    for member in stack:
        if asks_for_rate(member):
            auto = optimizers.REGISTRY.entry(member.optimizer).auto
            assert auto is not None  # its lr admits the word
            lr = auto(known.with_penalty(member.penalty.max_curvature))
            member = member._replace(options={**member.options, "lr": lr})
        rated.append(member)
    return rated


def _initial(model: Model, stack: Sequence[Member], dtype: np.dtype) -> Array:
    """Initial parameters (R, P): the same for the same seed, whatever the optimizer."""
    drawn = {seed: model.initial(np.random.default_rng([seed, 0])) for seed in {m.seed for m in stack}}
    return np.stack([drawn[member.seed] for member in stack]).astype(dtype)


def _batches(n: int, training: Training, seed: int) -> Iterator[Array | slice]:
    """Sample indices of one batch after the other.

    They are the pieces of a fresh permutation every epoch, or independent draws of different samples.
    """
    batch_size = training.batch_size
    if batch_size is None or batch_size >= n:
        while True:
            yield slice(None)
    rng = np.random.default_rng([seed, 1])
    while training.sampling == "independent":
        yield rng.choice(n, batch_size, replace=False, shuffle=False)
    while True:
        permutation = rng.permutation(n)
        for start in range(0, n, batch_size):
            yield permutation[start : start + batch_size]
