"""The training loop: a stack of runs in, their trajectories out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
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
from optlab.models.perceptron import Perceptron
from optlab.models.smoothness import smoothness
from optlab.objective import LastAsked, Objective
from optlab.optimizers.rule import Rule, State
from optlab.options import Count, Positive, number_options
from optlab.schedules import Schedule, constant

BLOCK_ELEMENTS = 2**16
"""Parameters that an elementwise update handles at a time, so that its temporaries stay in the L2 cache.

Not smaller: from 256 KiB on, NumPy computes in place of temporaries instead of allocating more of them."""

HESSIAN_BYTES = 2**30
"""Memory that the Hessians of one block of runs may take."""

TABLE_BYTES = 2**30
"""Memory that one run may take for numbers that it keeps of every sample."""

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
    sampling: Literal["reshuffled", "independent"] = "reshuffled"
    record_every: Count | Literal["epoch", "log"] = "epoch"
    record_parameters: Literal["none", "final", "all"] = "none"
    record_activations: bool = False
    repetitions: Count = 1  # of the whole training, for its seconds; see `optlab.sweep.task.timed`

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
        self.name = members[0].optimizer
        self._factory = optimizers.REGISTRY.get(self.name)
        options = [member.options for member in members]
        numbers = number_options(self._factory)
        self._options = {
            name: scalar_per_run([o[name] for o in options], dtype) if name in numbers else value
            for name, value in options[0].items()
        }
        self._rule = self._factory(**self._options)
        if not isinstance(self._rule, Rule):
            raise UserError(
                f"optimizer={self.name}: its factory returned a {type(self._rule).__name__}, not a Rule; "
                "end it with return Rule(init, update)"
            )
        self._state: State = None

    def begin(self, w: Array, objective: Objective) -> None:
        """Set up the optimizer's state for parameters w (R, P) of the whole stack.

        Raises:
            UserError: an array of the state does not begin with the run axis.
        """
        own = w[self.rows]
        self._state = self._rule.init(own, objective.rows(self.rows))
        for array in arrays(self._state):
            if array.shape[:1] != own.shape[:1]:
                raise UserError(
                    f"optimizer={self.name}: its state holds an array of shape {array.shape}; make the runs "
                    f"the first axis, here {len(own)}"
                )

    def update(self, objective: Objective, w: Array, factor: float) -> Array:
        """New parameters of the block's runs, from those of the stack (R, P).

        Raises:
            UserError: the rule returns something else than parameters of that shape and a state.
        """
        here = objective.rows(self.rows)
        w = w[self.rows] if here.known is None else here.known.w
        answer = self._rule_at(factor).update(w, self._state, here)
        if not isinstance(answer, tuple) or len(answer) != 2 or np.shape(answer[0]) != w.shape:
            raise UserError(f"optimizer={self.name}: {_misfit(answer, w)}")
        new, self._state = answer
        return new

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


def _misfit(answer: Any, w: Array) -> str:
    """What is wrong with the answer of an update, in words."""
    wanted = f"the new parameters of shape {w.shape}, runs x parameters, and a state"
    if isinstance(answer, tuple) and len(answer) == 2:
        return f"its update returned parameters of shape {np.shape(answer[0])}; it must return {wanted}"
    return f"its update returned a {type(answer).__name__}, not a pair; it must return {wanted}"


def arrays(tree: Any) -> Iterator[Array]:
    """Every array in nested tuples, lists and dictionaries."""
    if isinstance(tree, np.ndarray):
        yield tree
    elif isinstance(tree, dict | list | tuple):
        for part in tree.values() if isinstance(tree, dict) else tree:
            yield from arrays(part)


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
        UserError: no budget, early stopping without validation data, a perceptron with a method that asks for
            more than gradients, a rate from theory where there is none, or a method whose Hessian or memory
            of all samples is too large or impossible.
    """
    training.budget(len(dataset.train.y))
    if training.patience is not None and len(dataset.validation.y) == 0:
        raise UserError(
            f"training.patience={training.patience}: early stopping needs validation data; "
            "set dataset.validation_fraction=0.2 or training.patience=null"
        )
    if any(map(asks_for_rate, members)) and model.curvature_bound is None:
        raise UserError(
            "optimizer.lr=auto: the step size follows from the smoothness of a convex cost, known of "
            "model=logistic and model=softmax with model.loss=cross_entropy; use these or give a number"
        )
    for name in {member.optimizer for member in members}:
        if isinstance(model, Perceptron) and optimizers.asks(name) & {"value", "hessian", "hessian_vector"}:
            raise UserError(
                f"optimizer={name} model=perceptron: the perceptron criterion has no curvature, and is least "
                "at w = 0 where runs start; use optimizer=sgd or another that asks for gradients only"
            )
        size = model.n_parameters**2 * np.dtype(dtype).itemsize
        if "hessian" in optimizers.asks(name) and size > HESSIAN_BYTES:
            raise UserError(
                f"optimizer={name}: the Hessian of {model.n_parameters:,} parameters takes "
                f"{size / 2**30:.1f} GiB, more than {HESSIAN_BYTES / 2**30:.0f} GiB; "
                "use a first-order optimizer or a smaller model"
            )
        if "sample_slopes" in optimizers.asks(name):
            _check_table(name, model, len(dataset.train.y), np.dtype(dtype).itemsize)


def _check_table(name: str, model: Model, n: int, bytes_each: int) -> None:
    size = model.linear_scores * n * bytes_each
    if size == 0:
        raise UserError(
            f"optimizer={name}: keeps one number per sample and class, which is enough only where scores are "
            "linear in the parameters; use model=logistic or model=softmax, or optimizer=svrg"
        )
    if size > TABLE_BYTES:
        raise UserError(
            f"optimizer={name}: one number for each of {n:,} samples and {model.linear_scores} scores takes "
            f"{size / 2**30:.1f} GiB a run, more than {TABLE_BYTES / 2**30:.0f} GiB; use optimizer=svrg"
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
        members: the runs; with mini-batches or dropout all have the same seed, so that all see the same
            batches and masks.
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
    back = np.argsort(order)
    samples = model.prepare(dataset.train, number)
    stack = _with_rates([members[r] for r in order], model, dataset.train.x, samples.weight)
    blocks = _blocks(stack, model.n_parameters, number)

    n, w = len(dataset.train.y), _initial(model, stack, number)
    budget, is_recorded = training.budget(n), training.recorded(n)
    factor = schedule or constant(budget)
    watched = samples if training.record_activations else None
    recorder = Recorder(model, dataset, training, len(stack), number, training.record_parameters, watched)
    l2 = scalar_per_run([member.l2 for member in stack], number)
    objective = Objective(
        model, samples, l2, np.zeros((4, len(stack))), clip_norm=training.clip_norm, last=LastAsked()
    )
    batches = _batches(n, training, stack[0].seed)
    dropping = np.random.default_rng([stack[0].seed, 2]) if model.dropout else None
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
                here = objective.at(w, gradient=wants_gradient, accuracy=True)
                if fixed and step < budget:
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
            if here is None or not fixed:
                here = objective if fixed else objective.on(batch, dropping)
                here = here.at(w) if shared_pass else here
            w = _stepped(blocks, here, w, factor(step))
            seconds += perf_counter() - begin
    rates = np.array([member.options.get("lr", np.nan) for member in stack])
    return replace(recorder.history(), lr=rates).rows(back)


def asks_for_rate(member: Member) -> bool:
    """Whether a run leaves its learning rate to theory."""
    return member.options.get("lr") == "auto"


def _with_rates(stack: Sequence[Member], model: Model, x: Array, weight: Array | None) -> list[Member]:
    """The runs of a stack, those that ask for lr=auto with the rate that theory gives for inputs x (n, d)."""
    if not any(asks_for_rate(member) for member in stack):
        return list(stack)
    known = smoothness(model, x, weight)
    rated = []
    for member in stack:
        if asks_for_rate(member):
            factory: Any = optimizers.REGISTRY.get(member.optimizer)
            lr = factory.auto(known.penalized(member.l2))
            member = member._replace(options={**member.options, "lr": lr})
        rated.append(member)
    return rated


def _stepped(blocks: list[Block], here: Objective, w: Array, factor: float) -> Array:
    """Parameters (R, P) of all runs after one step from w on the objective `here`."""
    if len(blocks) == 1:
        return blocks[0].update(here, w, factor)
    new = np.empty_like(w)
    for block in blocks:
        new[block.rows] = block.update(here, w, factor)
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
