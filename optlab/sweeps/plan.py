"""The plan of a sweep: configurations become runs, and runs that can be trained together become stacks."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from optlab import models, optimizers
from optlab.core.errors import UserError
from optlab.core.failure import users_code
from optlab.core.options import Count, Positive
from optlab.runs.build import data_key, facts, problem, run_spec, without_penalty
from optlab.runs.identity import Run, digest, run_of
from optlab.runs.schema import Config
from optlab.sweeps.cost import costliest
from optlab.training.block import rule_key
from optlab.training.feasibility import check
from optlab.training.settings import Training

DECISIVE = ("model", "training")
"""Sections that decide, with data and optimizer, whether a run can be trained."""

MIN_STACK_SECONDS = 0.25
"""A stack that is estimated to take less is not cut for the sake of more workers."""

MIN_STACK_COUNT = 32
"""Parts of a long sweep at least, where it has runs enough: 2 to 16 workers are kept busy to the end."""


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
        spec = run_spec(config)
        optimizer = rule_key(spec), config["optimizer"].get("lr") == "auto"
        key = data_key(config), repr([config[section] for section in DECISIVE]), optimizer
        if key not in checked:
            checked.add(key)
            dataset, built = problem(config)
            with users_code(models.REGISTRY, config["model"]["name"]):
                check(built, dataset, [spec], Training(**config["training"]), config["dtype"])
        planned.append(run_of(config, facts(config).sha256, overrides))
    return planned


def stack_of(runs: Sequence[Run]) -> Stack:
    """These runs as one stack."""
    return Stack(digest([run.run_id for run in runs]), tuple(runs))


def stacks(runs: Iterable[Run], limits: Limits) -> list[Stack]:
    """Cut a complete sweep into stacks, the longest first; runs that appear twice are trained once.

    Neither the order of the runs, nor what is trained already, nor the workers and the machine change the
    plan: every stack is a unit that is trained, kept or trained again, and its members decide its last bits.

    Raises:
        UserError: `max_memory` is less than one run takes.
    """
    groups_by_key: dict[str, dict[str, Run]] = {}
    for run in runs:
        groups_by_key.setdefault(_stack_key(run.config), {}).setdefault(run.run_id, run)
    groups = [sorted(group.values(), key=_sort_key) for _, group in sorted(groups_by_key.items())]
    estimates = [costliest(group) for group in groups]
    total = sum(cost.seconds * len(group) for group, cost in zip(groups, estimates, strict=True))
    longest = max(MIN_STACK_SECONDS, total / MIN_STACK_COUNT)
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


def split_stack(stack: Stack) -> list[Stack]:
    """A stack taken apart."""
    middle = len(stack.runs) // 2
    return [stack_of(stack.runs[:middle]), stack_of(stack.runs[middle:])]


def _stack_key(config: Config) -> str:
    """What the runs of a stack agree on.

    Optimizers that ask for nothing but the gradient where they stand share their passes over the data: six
    of them together were 2 to 3 times as fast as six stacks. One that asks for more, at points of its own,
    gains little or nothing (0.9 to 1.2 times; experiments/benchmarks/shared_passes.py), and would make the
    others wait and its seconds theirs: it has stacks of its own.
    """
    shared: dict[str, Any] = {key: config[key] for key in ("dataset", "schedule", "training", "dtype")}
    shared["model"] = without_penalty(config["model"])
    if config["training"]["batch_size"] is not None or config["model"].get("dropout"):
        shared["seed"] = config["seed"]  # it decides the order of the batches and the masks of dropout
    name = config["optimizer"]["name"]
    if not optimizers.REGISTRY.entry(name).needs_gradient_only:
        shared["optimizer"] = name
    return json.dumps(shared)


def _sort_key(run: Run) -> tuple[Any, ...]:
    """Where a run stands in its group: kinds of optimizer together, then by rate and seed."""
    optimizer = run.config["optimizer"]
    lr = optimizer.get("lr")
    return optimizer["name"], lr if isinstance(lr, float) else 0.0, run.config["seed"], run.run_id
