"""The training loop: a stack of runs in, their trajectories out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from time import perf_counter
from typing import Any, Literal, NamedTuple

import numpy as np

from optlab import optimizers
from optlab.arrays import Array, keep_freed_memory, scalar_per_run
from optlab.datasets.dataset import Dataset
from optlab.errors import UserError
from optlab.history import History, Recorder, StopRules
from optlab.models.model import Model
from optlab.objective import Objective
from optlab.optimizers.rule import Rule, State
from optlab.options import Count, Positive, number_options
from optlab.schedules import Schedule, constant

BLOCK_ELEMENTS = 2**16
"""Parameters that an elementwise update handles at a time, so that its temporaries stay in the L2 cache.

Not smaller: from 256 KiB on, NumPy computes in place of temporaries instead of allocating more of them."""

HESSIAN_BYTES = 2**30
"""Memory that the Hessians of one block of runs may take."""

PROGRESS_SECONDS = 0.2

Progress = Callable[[int, int, Array], None]


class Member(NamedTuple):
    """One run of a stack."""

    optimizer: str
    options: dict[str, Any]  # of the optimizer's factory
    l2: float
    seed: int


@dataclass(frozen=True)
class Training(StopRules):
    """Budget, batches and records; the schema of the `training` section."""

    batch_size: Count | None = None
    epochs: Count | None = 100
    max_steps: Count | None = None
    clip_norm: Positive | None = None
    record_every: Count | Literal["epoch", "log"] = "epoch"
    record_parameters: Literal["none", "final", "all"] = "none"

    def steps_per_epoch(self, n: int) -> int:
        """Number of batches that n samples make; the last may be smaller."""
        return 1 if self.batch_size is None else -(-n // self.batch_size)

    def budget(self, n: int) -> int:
        """Number of steps after which a run is complete.

        Raises:
            UserError: neither epochs nor max_steps is given.
        """
        if self.epochs is None and self.max_steps is None:
            raise UserError("training.epochs=null training.max_steps=null: no budget; set one of the two")
        limits = [self.max_steps, self.epochs and self.epochs * self.steps_per_epoch(n)]
        return min(limit for limit in limits if limit is not None)

    def recorded(self, n: int) -> Callable[[int], bool]:
        """Whether a step is recorded; step 0 and the last are in any case."""
        budget = self.budget(n)
        if self.record_every == "log":
            points = {0, budget, *np.geomspace(1, budget, 100).round().astype(int).tolist()}
            return points.__contains__
        every = self.steps_per_epoch(n) if self.record_every == "epoch" else self.record_every
        return lambda step: step % every == 0 or step == budget


class Block:
    """Neighbouring runs of a stack that are updated together by one rule."""

    def __init__(self, members: Sequence[Member], rows: slice, dtype: np.dtype) -> None:
        self.rows = rows
        self._factory = optimizers.REGISTRY.get(members[0].optimizer)
        options = [member.options for member in members]
        numbers = number_options(self._factory)
        self._options = {
            name: scalar_per_run([o[name] for o in options], dtype) if name in numbers else value
            for name, value in options[0].items()
        }
        self._rule = self._factory(**self._options)
        self._state: State = None

    def begin(self, w: Array, objective: Objective) -> None:
        """Set up the optimizer's state for parameters w (R, P) of the whole stack."""
        self._state = self._rule.init(w[self.rows], objective.rows(self.rows))

    def update(self, objective: Objective, factor: float) -> Array:
        """New parameters of the block's runs, from an objective that knows the stack's present point."""
        here = objective.rows(self.rows)
        assert here.known is not None
        w, self._state = self._rule_at(factor).update(here.known.w, self._state, here)
        return w

    def _rule_at(self, factor: float) -> Rule:
        if factor == 1 or "lr" not in self._options:
            return self._rule
        return self._factory(**{**self._options, "lr": self._options["lr"] * factor})

    def keep(self, mask: Array, start: int) -> int:
        """Let the runs outside `mask` (of the whole stack) leave; returns where the next block starts."""
        own = mask[self.rows]
        if not own.all():
            self._options = select_rows(self._options, own)
            self._state = select_rows(self._state, own)
            self._rule = self._factory(**self._options)
        self.rows = slice(start, start + int(own.sum()))
        return self.rows.stop


def select_rows(tree: Any, mask: Array) -> Any:
    """Rows of every array in nested tuples, lists and dictionaries; all else as it is."""
    if isinstance(tree, np.ndarray):
        return tree[mask]
    if isinstance(tree, dict):
        return {name: select_rows(value, mask) for name, value in tree.items()}
    if isinstance(tree, list | tuple):
        parts = [select_rows(value, mask) for value in tree]
        return type(tree)(*parts) if hasattr(tree, "_fields") else type(tree)(parts)
    return tree


def check(model: Model, dataset: Dataset, members: Sequence[Member], training: Training, dtype: str) -> None:
    """Refuse what cannot be trained, before anything is.

    Raises:
        UserError: no budget, early stopping without validation data, or a Hessian that is too large.
    """
    training.budget(len(dataset.train.y))
    if training.patience is not None and len(dataset.validation.y) == 0:
        raise UserError(
            f"training.patience={training.patience}: early stopping needs validation data; "
            "set dataset.validation_fraction=0.2 or training.patience=null"
        )
    for name in {member.optimizer for member in members}:
        size = model.n_parameters**2 * np.dtype(dtype).itemsize
        if "hessian" in optimizers.asks(name) and size > HESSIAN_BYTES:
            raise UserError(
                f"optimizer={name}: the Hessian of {model.n_parameters:,} parameters takes "
                f"{size / 2**30:.1f} GiB, more than {HESSIAN_BYTES / 2**30:.0f} GiB; "
                "use a first-order optimizer or a smaller model"
            )


def train(
    model: Model,
    dataset: Dataset,
    members: Sequence[Member],
    training: Training,
    schedule: Schedule | None = None,
    dtype: str = "float64",
    progress: Progress | None = None,
) -> History:
    """Train the runs of a stack together.

    Args:
        model: shared by all members.
        dataset: its training part is trained on, the others are measured.
        members: the runs; with mini-batches all have the same seed, so that all see the same batches.
        training: budget, batches, stop rules and records.
        schedule: factor of the learning rate at every step.
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
    order = sorted(range(len(members)), key=lambda r: _kin(members[r]))
    stack = [members[r] for r in order]
    back = np.argsort(order)
    blocks = _blocks(stack, model.n_parameters, number)

    n, w = len(dataset.train.y), _initial(model, stack, number)
    budget, is_recorded = training.budget(n), training.recorded(n)
    factor = schedule or constant(budget)
    recorder = Recorder(model, dataset, training, len(stack), number, training.record_parameters)
    l2 = scalar_per_run([member.l2 for member in stack], number)
    samples = model.prepare(dataset.train, number)
    objective = Objective(model, samples, l2, np.zeros((4, len(stack))), clip_norm=training.clip_norm)
    batches = _batches(n, training.batch_size, stack[0].seed)
    full_batch = training.batch_size is None or training.batch_size >= n
    wants_gradient = full_batch or training.grad_tolerance is not None

    seconds, step, last_report = 0.0, 0, perf_counter()
    with np.errstate(all="ignore"):  # a diverging run is data, not a warning
        for block in blocks:
            block.begin(w, objective)
        while True:
            begin = perf_counter()
            here = None
            timed_out = training.max_seconds is not None and seconds >= training.max_seconds
            if is_recorded(step) or timed_out:
                here = objective.at(w, gradient=wants_gradient, accuracy=True)
                if full_batch and step < budget:
                    seconds += perf_counter() - begin  # the step's own gradient came with it
                assert here.known is not None
                go_on = recorder.record(
                    step, step / training.steps_per_epoch(n), seconds, here.known, objective.counts
                )
                if progress and perf_counter() - last_report > PROGRESS_SECONDS:
                    last_report = perf_counter()
                    progress(step, budget, recorder.last_cost[back])
                if step == budget or not go_on.any():
                    break
                if not go_on.all():
                    w, objective, here = w[go_on], objective.rows(go_on), here.rows(go_on)
                    blocks = _remaining(blocks, go_on)
                begin = perf_counter()
            step += 1
            batch = next(batches)
            if batch is not None:
                here = objective.on(batch).at(w)
            w = _stepped(blocks, here or objective.at(w), w, factor(step))
            seconds += perf_counter() - begin
    return recorder.history().rows(back)


def _stepped(blocks: list[Block], here: Objective, w: Array, factor: float) -> Array:
    """Parameters (R, P) of all runs after one step from w, where the objective `here` is known."""
    if len(blocks) == 1:
        return blocks[0].update(here, factor)
    new = np.empty_like(w)
    for block in blocks:
        new[block.rows] = block.update(here, factor)
    return new


def _kin(member: Member) -> tuple[str, str]:
    """Runs with the same kin are updated by one rule: they differ in numbers only."""
    numbers = number_options(optimizers.REGISTRY.get(member.optimizer))
    rest = {name: value for name, value in member.options.items() if name not in numbers}
    return member.optimizer, repr(sorted(rest.items()))


def _blocks(stack: Sequence[Member], n_parameters: int, dtype: np.dtype) -> list[Block]:
    blocks, start = [], 0
    for (name, _), members in groupby(stack, _kin):
        group = list(members)
        asks = optimizers.asks(name)
        most = len(group)
        if asks <= {"gradient"}:
            most = max(1, BLOCK_ELEMENTS // n_parameters)
        elif "hessian" in asks:
            most = max(1, HESSIAN_BYTES // (n_parameters**2 * dtype.itemsize))
        for first in range(0, len(group), most):
            part = group[first : first + most]
            blocks.append(Block(part, slice(start, start + len(part)), dtype))
            start += len(part)
    return blocks


def _remaining(blocks: list[Block], go_on: Array) -> list[Block]:
    start = 0
    for block in blocks:
        start = block.keep(go_on, start)
    return [block for block in blocks if block.rows.start < block.rows.stop]


def _initial(model: Model, stack: Sequence[Member], dtype: np.dtype) -> Array:
    """Initial parameters (R, P): the same for the same seed, whatever the optimizer."""
    drawn = {seed: model.initial(np.random.default_rng([seed, 0])) for seed in {m.seed for m in stack}}
    return np.stack([drawn[member.seed] for member in stack]).astype(dtype)


def _batches(n: int, batch_size: int | None, seed: int) -> Iterator[Array | None]:
    """Sample indices of one batch after the other, a fresh permutation every epoch; None is all samples."""
    if batch_size is None or batch_size >= n:
        while True:
            yield None
    rng = np.random.default_rng([seed, 1])
    while True:
        permutation = rng.permutation(n)
        for start in range(0, n, batch_size):
            yield permutation[start : start + batch_size]
