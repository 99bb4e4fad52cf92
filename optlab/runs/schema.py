"""The schema of a run's configuration: every section is checked against the signature of its factory."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal

from optlab import datasets, models, optimizers
from optlab.core.errors import UserError
from optlab.core.options import (
    Choice,
    Index,
    annotations,
    check_precision,
    conform,
    defaults,
    number_options,
    unknown,
    without_defaults,
)
from optlab.core.registry import Registry
from optlab.core.text import is_writable, writable
from optlab.objective.penalty import OPTIONS, penalty, penalty_options
from optlab.optimizers.groups import Groups, group_options
from optlab.training import schedules
from optlab.training.metrics import OUTCOMES
from optlab.training.settings import Training

Config = dict[str, Any]

REGISTRIES: dict[str, Registry[Any]] = {
    registry.kind: registry
    for registry in (datasets.REGISTRY, models.REGISTRY, optimizers.REGISTRY, schedules.REGISTRY)
}
"""Of the sections that name a factory."""

BESIDE: dict[str, list[Callable[..., Any]]] = {
    "dataset": [datasets.Common],
    "model": [penalty],
    "schedule": [schedules.every_schedule],
}
"""The signatures of the options that every factory of a section has."""

RESULT = ("dataset", "model", "optimizer", "schedule", "training", "seed", "dtype")
"""What decides the numbers of a run; the other keys do not."""


def settings(
    seed: Index = 0,
    dtype: Literal["float64", "float32"] = "float64",
    experiment: str | None = None,
    objective_metric: Annotated[str, Choice(OUTCOMES)] = "final_train_cost",
) -> None:
    """The keys outside the sections; this signature is their schema."""


def report(
    metric: Annotated[str, Choice((*OUTCOMES, "final_gap"))] | None = None,
    tuning_seeds: list[Index] | None = None,
    evaluation_seeds: list[Index] | None = None,
    style: Literal["notebook", "paper", "talk"] = "notebook",
    optimum: float | dict[str, float] | None = None,
) -> None:
    """The options of the report that a command writes, no part of a run; this signature is their schema."""


class Schema:
    """Checks configurations, every distinct section once."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], Any] = {}

    def canonical(self, config: Mapping[str, Any]) -> Config:
        """The canonical form of a resolved configuration: all options present, valid, in a fixed order.

        Raises:
            UserError: an unknown key or name, a wrong type, or a value out of range.
        """
        sections = {}
        for name, check in CHECKS.items():
            if not isinstance(config.get(name), Mapping):
                raise UserError(
                    f"{name}={config.get(name)}: must be a section with a name; choose one with {name}=NAME"
                )
            sections[name] = self._once(name, check, config[name])
        self._once("report", report_options, config.get("report") or {})
        rest = {key: config[key] for key in config if key not in CHECKS and key != "report"}
        _check_numbers(sections)
        config = sections | self._once("", _settings, rest)
        for name in ("optimizer", "model"):
            for factory in signatures(config, name):
                check_precision(config[name], factory, name, str(config["dtype"]))
        return config

    def _once(self, name: str, check: Callable[[Config], Config], section: Config) -> Config:
        key = name, repr(section)
        if key not in self._seen:
            _check_texts(section, name)
            self._seen[key] = check(section)
        return self._seen[key]


def _check_texts(value: Any, path: str = "") -> None:
    """Refuse texts that no table can hold."""
    if isinstance(value, Mapping):
        for name, part in value.items():
            _check_texts(part, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for part in value:
            _check_texts(part, path)
    elif isinstance(value, str) and not is_writable(value):
        raise UserError(
            f"{path}={writable(value)}: is no UTF-8; rename the file, or set PYTHONUTF8=1 where the shell "
            "has another encoding"
        )


def report_options(section: Any) -> Config:
    """The section `report` of a configuration, checked and complete.

    Raises:
        UserError: an unknown key, a wrong value, or a seed for both purposes.
    """
    if not isinstance(section, Mapping):
        raise UserError(
            f"report={section}: must be a section; set one of its keys, such as report.style=paper"
        )
    options = conform(section, report, "report")
    tuning, evaluation = options["tuning_seeds"], options["evaluation_seeds"]
    if tuning is not None and evaluation is not None:
        split_seeds([*tuning, *evaluation], tuning, evaluation, path="report.")
    return options


def split_seeds(
    seeds: Iterable[int], tuning: Iterable[int] | None, evaluation: Iterable[int] | None, path: str = ""
) -> tuple[list[int], list[int]] | None:
    """Seeds that settings are chosen on and judged on; None if the user has named neither.

    Args:
        seeds: those of the runs.
        tuning, evaluation: those that the user has named; None: all that are not named for the other purpose.
        path: where the names stand in the configuration; used in messages.

    Raises:
        UserError: they overlap, or were not run.
    """
    if tuning is None and evaluation is None:
        return None
    run = set(seeds)
    first = sorted(set(tuning) if tuning is not None else run - set(evaluation or ()))
    second = sorted(set(evaluation) if evaluation is not None else run - set(first))
    for name, named in (("tuning", first), ("evaluation", second)):
        if not named or set(named) - run:
            raise UserError(
                f"{path}{name}_seeds={_seed_list(named)}: the runs have the seeds {_seed_list(sorted(run))}; "
                "name some of them, and leave some for the other purpose"
            )
    if set(first) & set(second):
        raise UserError(
            f"{path}tuning_seeds={_seed_list(first)} {path}evaluation_seeds={_seed_list(second)}: "
            "a seed cannot serve both; name disjoint seeds"
        )
    return first, second


def _seed_list(seeds: Iterable[int]) -> str:
    return ",".join(map(str, seeds))


def signatures(config: Config, section: str) -> list[Callable[..., Any]]:
    """The functions whose signatures are the schema of a section of a canonical configuration."""
    if section not in REGISTRIES:
        return [Training]
    name = config[section]["name"]
    groups = [Groups] if section == "optimizer" and group_options(name) else []
    return [REGISTRIES[section].get(name), *BESIDE.get(section, []), *groups]


def defaults_of(functions: Sequence[Callable[..., Any]]) -> Config:
    """The options of functions that have a default, with it."""
    return {name: value for function in functions for name, value in defaults(function).items()}


def _settings(values: Mapping[str, Any]) -> Config:
    for key in values:
        if key not in annotations(settings):
            known = [*CHECKS, "report", *annotations(settings)]
            raise unknown(f"{key}={values[key]}", f"there is no key '{key}'", key, known)
    return conform(values, settings, "")


def _model(section: Mapping[str, Any]) -> Config:
    own = {key: value for key, value in section.items() if key not in OPTIONS}
    return _check_named(own, "model", models.REGISTRY, extra=OPTIONS) | penalty_options(section)


def _optimizer(section: Mapping[str, Any]) -> Config:
    name = section.get("name")
    if section.get("lr") == "auto" and name in optimizers.REGISTRY.names():
        _check_auto(name)
    shared = group_options(name) if isinstance(name, str) else ()
    own = {key: value for key, value in section.items() if key not in shared}
    groups = {key: value for key, value in section.items() if key in shared}
    checked = _check_named(own, "optimizer", optimizers.REGISTRY, extra=shared)
    return checked | (conform(groups, Groups, "optimizer") if shared else {})


def _check_auto(name: str) -> None:
    """Refuse `optimizer.lr=auto` of a method for which theory gives no rate."""
    rates = optimizers.REGISTRY
    if "lr" in annotations(rates.get(name)) and rates.entry(name).auto is None:
        having = ", ".join(other for other in rates.names() if rates.entry(other).auto)
        raise UserError(
            f"optimizer.lr=auto: {name} has no rate from theory; give a number, or choose from {having}"
        )


def _schedule(section: Mapping[str, Any]) -> Config:
    own = {key: value for key, value in section.items() if key not in annotations(schedules.every_schedule)}
    beside = {key: value for key, value in section.items() if key not in own}
    also = conform(beside, schedules.every_schedule, "schedule")["also"]
    return _check_named(own, "schedule", schedules.REGISTRY, extra=annotations(schedules.every_schedule)) | {
        "also": also and {number: _also(f"schedule.also.{number}", part) for number, part in also.items()}
    }


def _also(path: str, section: Mapping[str, Any]) -> Config:
    """The schedule of another number; its options at their default are left out, as they are from ids."""
    conforming = _check_named(section, path, schedules.REGISTRY)
    return without_defaults(conforming, schedules.REGISTRY.get(conforming["name"]))


def _check_numbers(config: Config) -> None:
    """Refuse schedules of what is no number of the optimizer."""
    name = config["optimizer"]["name"]
    numbers = number_options(optimizers.REGISTRY.get(name)) - {"lr"}
    for number, part in (config["schedule"]["also"] or {}).items():
        if number not in numbers:
            what = f"schedule.also.{number}={part['name']}"
            raise unknown(what, f"{name} has no number '{number}' beside lr", number, sorted(numbers))


def _training(section: Mapping[str, Any]) -> Config:
    training = conform(section, Training, "training")
    Training(**training).budget(1)  # refuses a configuration without one
    return training


def _check_named(section: Mapping[str, Any], kind: str, registry: Any, extra: Iterable[str] = ()) -> Config:
    name = section.get("name")
    if not isinstance(name, str):
        raise UserError(f"{kind}.name={name}: must be a name; choose from {', '.join(registry.names())}")
    factory, options = registry.get(name), {key: section[key] for key in section if key != "name"}
    for key in options:
        if key not in annotations(factory):
            known = [*annotations(factory), *extra]
            raise unknown(f"{kind}.{key}={options[key]}", f"{name} has no option '{key}'", key, known)
    return {"name": name, **conform(options, factory, kind)}


CHECKS: dict[str, Callable[[Config], Config]] = {
    "dataset": datasets.checked,
    "model": _model,
    "optimizer": _optimizer,
    "schedule": _schedule,
    "training": _training,
}
