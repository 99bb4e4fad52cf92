"""The plan of a sweep: configurations become runs, and runs that can be trained together become stacks."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

import numpy as np

from optlab import datasets, models
from optlab.datasets import Dataset
from optlab.models import Model
from optlab.sweep.schema import RESULT, Config
from optlab.train import Member, Training, check

CHECKED = ("model", "training")
"""Sections that decide, with data and optimizer, whether a run can be trained."""


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

    max_stack: int = 256
    max_memory: float = 1e9  # bytes


def runs(jobs: Iterable[tuple[Config, Sequence[str]]]) -> list[Run]:
    """The run of every job (canonical configuration and overrides), each checked as far as can be untrained.

    Raises:
        UserError: data that cannot be loaded, a model that does not fit its data, or a Hessian that does not
            fit in memory.
    """
    planned, checked = [], set()
    for config, overrides in jobs:
        key = _data_key(config), repr([config[section] for section in CHECKED]), config["optimizer"]["name"]
        if key not in checked:
            checked.add(key)
            dataset = data(config)
            check(
                model(config, dataset),
                dataset,
                [member(config)],
                Training(**config["training"]),
                config["dtype"],
            )
        planned.append(run_of(config, facts(config).sha256, overrides))
    return planned


def run_of(config: Config, sha256: str, overrides: Sequence[str] = ()) -> Run:
    """The run that a canonical configuration describes, on data with that checksum.

    Its id does not depend on where the data lie, nor on what only names or ranks runs.
    """
    decisive = {key: config[key] for key in RESULT}
    decisive["dataset"] = {key: value for key, value in config["dataset"].items() if key != "path"}
    return Run(_digest([decisive, sha256]), config, tuple(overrides))


def stack_of(runs: Sequence[Run]) -> Stack:
    """These runs as one stack."""
    return Stack(_digest([run.run_id for run in runs]), tuple(runs))


def stacks(runs: Iterable[Run], limits: Limits) -> list[Stack]:
    """Cut a complete sweep into stacks; runs that appear twice are trained once.

    Neither the order of the runs nor what is trained already changes the plan: every stack is a unit that
    is trained, kept or trained again, and the bits of its results do not depend on the others.
    """
    kin: dict[str, dict[str, Run]] = {}
    for run in runs:
        kin.setdefault(_stack_key(run.config), {}).setdefault(run.run_id, run)
    cut = []
    for key in sorted(kin):
        group = sorted(kin[key].values(), key=_place)
        size = min(limits.max_stack, max(1, int(limits.max_memory // _bytes_per_run(group[0].config))))
        for part in np.array_split(np.arange(len(group)), -(-len(group) // size)):
            cut.append(stack_of([group[r] for r in part]))
    return cut


class Facts(NamedTuple):
    """What the plan needs to know of a data set."""

    sha256: str
    n_features: int
    n_classes: int
    n_train: int


def facts(config: Config) -> Facts:
    """Of the data set of a canonical configuration; it is loaded at the first call."""
    return _facts(*_data_key(config))


def data(config: Config) -> Dataset:
    """The data set of a canonical configuration; the last few are kept in memory."""
    return _loaded(*_data_key(config))


def model(config: Config, of: Dataset | Facts) -> Model:
    """The model of a canonical configuration for such data."""
    options = {key: value for key, value in config["model"].items() if key not in ("name", "l2")}
    return models.REGISTRY.get(config["model"]["name"])(of.n_features, of.n_classes, **options)


def member(config: Config) -> Member:
    """The run of a canonical configuration, as a member of a stack."""
    options = {key: value for key, value in config["optimizer"].items() if key != "name"}
    return Member(config["optimizer"]["name"], options, config["model"]["l2"], config["seed"])


def _data_key(config: Config) -> tuple[str, str]:
    return json.dumps(config["dataset"]), config["dtype"]


@lru_cache(maxsize=8)
def _loaded(section: str, dtype: str) -> Dataset:
    return datasets.load(json.loads(section), dtype)


@cache
def _facts(section: str, dtype: str) -> Facts:
    dataset = _loaded(section, dtype)
    return Facts(dataset.sha256, dataset.n_features, dataset.n_classes, len(dataset.train.y))


def _stack_key(config: Config) -> str:
    """What the runs of a stack agree on."""
    shared: dict[str, Any] = {key: config[key] for key in ("dataset", "schedule", "training", "dtype")}
    shared["model"] = {key: value for key, value in config["model"].items() if key != "l2"}
    if config["training"]["batch_size"] is not None:
        shared["seed"] = config["seed"]  # it decides the order of the batches
    return json.dumps(shared)


def _place(run: Run) -> tuple[Any, ...]:
    """Where a run stands among its kin: kinds of optimizer together, then by rate and seed."""
    optimizer = run.config["optimizer"]
    return optimizer["name"], optimizer.get("lr") or 0.0, run.config["seed"], run.run_id


def _bytes_per_run(config: Config) -> float:
    """Memory that one run of a stack takes: parameters, optimizer state, gradients, and what is recorded."""
    known, training = facts(config), Training(**config["training"])
    n_parameters = model(config, known).n_parameters
    budget, is_recorded = training.budget(known.n_train), training.recorded(known.n_train)
    points = sum(map(is_recorded, range(min(budget, 10**6) + 1)))
    kept = points if training.record_parameters == "all" else 1
    return np.dtype(config["dtype"]).itemsize * n_parameters * (10 + 2 * kept) + 8 * 11 * 3 * points


def _digest(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
