"""The plan of a sweep: configurations become runs, and runs that can be trained together become stacks."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

import numpy as np

from optlab import datasets, models, optimizers
from optlab.arrays import CACHE_ELEMENTS
from optlab.block import Member
from optlab.datasets import Dataset
from optlab.errors import UserError
from optlab.feasibility import check
from optlab.models import Model
from optlab.options import Count, Positive
from optlab.sweep.schema import RESULT, Config
from optlab.training import Training

PATHS = ("path", "test_path")
"""Options of a data set that say where it lies."""

CHECKED = ("model", "training")
"""Sections that decide, with data and optimizer, whether a run can be trained."""


STEP_SECONDS = 5e-5
"""What a step of a stack costs however few runs it has: calls of NumPy, of the optimizer, of the loop."""

STACK_SECONDS = 0.25
"""A stack that is estimated to take less is not cut for the sake of more workers."""

SHARES = 32
"""Parts of a long sweep at least, where it has runs enough: 2 to 16 workers are kept busy to the end."""


@dataclass(frozen=True)
class Run:
    """One run of a sweep."""

    run_id: str
    config: Config  # canonical
    overrides: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stack:
    """Runs that are trained together."""

    stack_id: str  # hash of the run ids
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Limits:
    """How large a stack may be."""

    max_stack: Count = 256
    max_memory: Positive = 1e9  # bytes


def runs(jobs: Iterable[tuple[Config, Sequence[str]]]) -> list[Run]:
    """The run of every job (canonical configuration and overrides), each checked as far as can be untrained.

    Raises:
        UserError: data that cannot be loaded, a model that does not fit its data, or data, a model or a
            Hessian that does not fit in memory.
    """
    planned, checked = [], set()
    for config, overrides in jobs:
        optimizer = config["optimizer"]["name"], config["optimizer"].get("lr") == "auto"
        key = data_key(config), repr([config[section] for section in CHECKED]), optimizer
        if key not in checked:
            checked.add(key)
            dataset, built = _problem(config)
            check(built, dataset, [member(config)], Training(**config["training"]), config["dtype"])
        planned.append(run_of(config, facts(config).sha256, overrides))
    return planned


def run_of(config: Config, sha256: str, overrides: Sequence[str] = ()) -> Run:
    """The run that a canonical configuration describes, on data with that checksum.

    Its id does not depend on where the data lie, nor on what only names or ranks runs.
    """
    decisive = {key: config[key] for key in RESULT}
    decisive["dataset"] = {key: value for key, value in config["dataset"].items() if key not in PATHS}
    return Run(_digest([decisive, sha256]), config, tuple(overrides))


def stack_of(runs: Sequence[Run]) -> Stack:
    """These runs as one stack."""
    return Stack(_digest([run.run_id for run in runs]), tuple(runs))


def stacks(runs: Iterable[Run], limits: Limits) -> list[Stack]:
    """Cut a complete sweep into stacks, the longest first; runs that appear twice are trained once.

    Neither the order of the runs, nor what is trained already, nor the workers and the machine change the
    plan: every stack is a unit that is trained, kept or trained again, and its members decide its last bits.

    Raises:
        UserError: `max_memory` is less than one run takes.
    """
    kin: dict[str, dict[str, Run]] = {}
    for run in runs:
        kin.setdefault(_stack_key(run.config), {}).setdefault(run.run_id, run)
    groups = [sorted(kin[key].values(), key=_place) for key in sorted(kin)]
    estimates = [estimate(max((run.config for run in group), key=_pairs)) for group in groups]
    whole = sum(cost.seconds * len(group) for group, cost in zip(groups, estimates, strict=True))
    longest = max(STACK_SECONDS, whole / SHARES)
    cut: list[tuple[float, Stack]] = []
    for group, cost in zip(groups, estimates, strict=True):
        if cost.memory > limits.max_memory:
            raise UserError(
                f"hydra.launcher.max_memory={limits.max_memory:g}: one run of "
                f"{group[0].config['optimizer']['name']} on {group[0].config['dataset']['name']} takes about "
                f"{cost.memory:.2g} bytes; set hydra.launcher.max_memory={2 * cost.memory:.0e} or more"
            )
        wanted = max(cost.efficient, int(longest / cost.seconds))
        size = min(limits.max_stack, int(limits.max_memory // cost.memory), wanted)
        for part in np.array_split(np.arange(len(group)), -(-len(group) // size)):
            cut.append((cost.seconds * len(part), stack_of([group[r] for r in part])))
    cut.sort(key=lambda pair: -pair[0])
    return [stack for _, stack in cut]


def halves(stack: Stack) -> list[Stack]:
    """A stack taken apart."""
    middle = len(stack.runs) // 2
    return [stack_of(stack.runs[:middle]), stack_of(stack.runs[middle:])]


class Estimate(NamedTuple):
    """What one run of a stack takes, estimated from its configuration alone: the same on every machine."""

    seconds: float
    memory: float  # bytes
    efficient: int  # runs in a stack from which on a run costs little more than in a larger one


def estimate(config: Config) -> Estimate:
    """The cost of a run; only its order of magnitude matters."""
    return _estimate(*data_key(config), *(json.dumps(config[key]) for key in ("model", "training")),
                     config["optimizer"]["name"], _pairs(config))  # fmt: skip


def stack_bytes(stack: Stack) -> float:
    """Memory that the training of a stack takes, data included."""
    config = max((run.config for run in stack.runs), key=_pairs)
    known = facts(config)
    data_bytes = 2 * np.dtype(config["dtype"]).itemsize * known.n_stored
    return estimate(config).memory * len(stack.runs) + data_bytes


class Facts(NamedTuple):
    """What the plan needs to know of a data set."""

    sha256: str
    n_features: int
    n_classes: int
    n_train: int
    n_stored: int  # numbers of the training part; of sparse data, those that are not zero


def facts(config: Config) -> Facts:
    """Of the data set of a canonical configuration; it is loaded at the first call."""
    return _facts(*data_key(config))


def data(config: Config) -> Dataset:
    """The data set of a canonical configuration; the last few are kept in memory."""
    return _loaded(*data_key(config))


def model(config: Config, of: Dataset | Facts) -> Model:
    """The model of a canonical configuration for such data."""
    options = {key: value for key, value in config["model"].items() if key not in ("name", "l2")}
    return models.REGISTRY.get(config["model"]["name"])(of.n_features, of.n_classes, **options)


def _problem(config: Config) -> tuple[Dataset, Model]:
    """Data and model."""
    try:
        dataset = data(config)
        return dataset, _fitting(config, dataset)
    except MemoryError as error:
        raise UserError(
            f"dataset={config['dataset']['name']} model={config['model']['name']}: memory does not suffice "
            f"({error}); use fewer samples or features, or a smaller model"
        ) from error


def _fitting(config: Config, dataset: Dataset) -> Model:
    """The model; if it is refused for more than two classes, with the place of the third in the file."""
    try:
        return model(config, dataset)
    except UserError as error:
        if dataset.n_classes > 2 and dataset.places:
            place = f"class {dataset.classes[2]} first stands in {dataset.places[2]}"
            raise UserError(f"{error} ({place})") from error
        raise


def member(config: Config) -> Member:
    """The run of a canonical configuration, as a member of a stack."""
    options = {key: value for key, value in config["optimizer"].items() if key != "name"}
    return Member(config["optimizer"]["name"], options, config["model"]["l2"], config["seed"])


def data_key(config: Config) -> tuple[str, str]:
    """What decides the data that a run reads."""
    return json.dumps(config["dataset"]), config["dtype"]


@lru_cache(maxsize=8)
def _loaded(section: str, dtype: str) -> Dataset:
    return datasets.load(json.loads(section), dtype)


@cache
def _facts(section: str, dtype: str) -> Facts:
    dataset = _loaded(section, dtype)
    train = dataset.train
    return Facts(dataset.sha256, dataset.n_features, dataset.n_classes, len(train.y), train.x.size)


def _stack_key(config: Config) -> str:
    """What the runs of a stack agree on.

    Optimizers that ask for nothing but the gradient where they stand share their passes over the data: six
    of them together were 2 to 3 times as fast as six stacks. One that asks for more, at points of its own,
    gains little or nothing (0.9 to 1.2 times; experiments/benchmarks/shared_passes.py), and would make the
    others wait and its seconds theirs: it has stacks of its own.
    """
    shared: dict[str, Any] = {key: config[key] for key in ("dataset", "schedule", "training", "dtype")}
    shared["model"] = {key: value for key, value in config["model"].items() if key != "l2"}
    if config["training"]["batch_size"] is not None or config["model"].get("dropout"):
        shared["seed"] = config["seed"]  # it decides the order of the batches and the masks of dropout
    name = config["optimizer"]["name"]
    if not optimizers.asks(name) <= {"gradient"}:
        shared["optimizer"] = name
    return json.dumps(shared)


def _place(run: Run) -> tuple[Any, ...]:
    """Where a run stands among its kin: kinds of optimizer together, then by rate and seed."""
    optimizer = run.config["optimizer"]
    lr = optimizer.get("lr")
    return optimizer["name"], lr if isinstance(lr, float) else 0.0, run.config["seed"], run.run_id


def _pairs(config: Config) -> int:
    """Pairs of vectors (P,) that a run's optimizer keeps of its last steps, as `lbfgs` does."""
    return config["optimizer"].get("history") or 0


@cache
def _estimate(
    section: str, dtype: str, model_section: str, training_section: str, optimizer: str, pairs: int
) -> Estimate:
    known, training = _facts(section, dtype), Training(**json.loads(training_section))
    options = json.loads(model_section)
    built = model({"model": options}, known)
    p, bytes_each = built.n_parameters, np.dtype(dtype).itemsize
    budget, is_recorded = training.budget(known.n_train), training.recorded(known.n_train)
    counted = min(budget, 10**6) + 1
    points = sum(map(is_recorded, range(counted))) * (budget + 1) / counted
    batch = min(training.batch_size or known.n_train, known.n_train)

    # products at some 20 Gflop/s of float64, a nanosecond for an exponential or a logarithm
    read = p * known.n_stored / (known.n_train * known.n_features)
    per_sample = (1e-10 * read + 3e-9 * built.width) * bytes_each / 8
    asks = optimizers.asks(optimizer)
    passes = 1.0 + 4 * ("value" in asks or "full" in asks) + 20 * ("hessian_vector" in asks)
    step = batch * per_sample * passes + 1e-8 * p * bytes_each / 8
    if "hessian" in asks:
        step += 1e-10 * batch * read**2 + 1e-10 * p**3 + STEP_SECONDS
    measured = points * known.n_train * per_sample if batch < known.n_train else 0.0
    least = 8 if step > STEP_SECONDS else 32
    efficient = min(256, max(least, round(8 * STEP_SECONDS / step)))

    kept = points if training.record_parameters == "all" else 1
    memory = bytes_each * p * (10 + 2 * kept + 2 * pairs) + 8 * 11 * 3 * points
    memory += bytes_each * min(batch * built.width, CACHE_ELEMENTS)
    if "hessian" in asks:
        memory += 2 * bytes_each * p**2
    if "sample_slopes" in asks:
        memory += bytes_each * built.linear_scores * known.n_train
    return Estimate(budget * (step + STEP_SECONDS / efficient) + measured, memory, efficient)


def _digest(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
