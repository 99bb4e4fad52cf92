"""How a user's function becomes known by its name."""

import inspect
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, get_type_hints

from optlab import optimizers
from optlab.core.errors import UserError
from optlab.core.registry import file_of
from optlab.optimizers.rule import Method
from optlab.runs.schema import REGISTRIES

SUPPLIED = {"model": ("n_features", "n_classes"), "schedule": ("budget",), "dataset": (), "optimizer": ()}
"""The positional-only parameters that optlab supplies; all others are options."""

MADE = {"Rule": "optimizer", "RawData": "dataset", "Model": "model", "Schedule": "schedule"}
"""What a function makes, by the name of the type that it is annotated to return."""


def register(kind: str | Callable[..., Any], *asks: Any, elementwise: bool = False) -> Callable[..., Any]:
    """See `optlab.register`."""
    if callable(kind):
        return _decorator(_kind_of(kind), (), False)(kind)
    if kind not in REGISTRIES:
        raise UserError(
            f"register('{kind}'): there is no such kind; choose from {', '.join(sorted(REGISTRIES))}"
        )
    return _decorator(kind, asks, elementwise)


def _decorator(kind: str, asks: Any, elementwise: bool) -> Callable[..., Any]:
    add: Callable[..., Any]
    if kind != "optimizer":
        add = REGISTRIES[kind].register
    elif asks:
        add = optimizers.optimizer(*asks, elementwise=elementwise)
    else:
        add = optimizers.optimizer("gradient", elementwise=elementwise)

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        check_signature(kind, function)
        added: Callable[..., Any] = add(function)
        return added

    return decorate


def check_signature(kind: str, function: Callable[..., Any]) -> None:
    """Refuse a function that cannot be called as functions of its kind are.

    Raises:
        UserError: other positional-only parameters than those that are supplied, or options that no
            configuration can name.
    """
    name, parameters = function.__name__, list(inspect.signature(function).parameters.values())
    supplied = [p.name for p in parameters if p.kind is p.POSITIONAL_ONLY]
    place = f"{kind}={name} ({file_of(function)})"
    if len(supplied) != len(SUPPLIED[kind]):
        wanted = ", ".join([*SUPPLIED[kind], "/"]) if SUPPLIED[kind] else "no positional-only parameter"
        raise UserError(f"{place}: must take {wanted}, and then its options; write def {name}({_form(kind)})")
    for parameter in parameters:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise UserError(f"{place}: *{parameter.name} is no option; name each option, with its default")


def method_at(rule: str) -> Method:
    """The entry of ``MODULE:FUNCTION`` or ``FILE.py:FUNCTION``; unregistered, it asks for gradients.

    Raises:
        UserError: it cannot be imported, or is no function.
    """
    place, colon, name = rule.rpartition(":")
    if not colon or not name:
        if rule in optimizers.REGISTRY.names():
            return optimizers.REGISTRY.entry(rule)
        raise UserError(f"{rule}: write MODULE:FUNCTION or FILE.py:FUNCTION")
    path = Path(place)
    sys.path.insert(0, str((path.parent if place.endswith(".py") else Path.cwd()).resolve()))
    try:
        module = import_module(path.stem if place.endswith(".py") else place)
    except UserError:
        raise
    except Exception as error:
        raise UserError(f"{rule}: cannot be imported ({type(error).__name__}: {error}); mend it") from error
    factory = getattr(module, name, None)
    if not callable(factory):
        raise UserError(f"{rule}: {module.__name__} has no function '{name}'; name the optimizer's factory")
    check_signature("optimizer", factory)
    known = [entry for entry in optimizers.REGISTRY.user_entries() if entry.factory is factory]
    return known[0] if known else Method(factory, frozenset({"gradient"}))


def _form(kind: str) -> str:
    return ", ".join([*SUPPLIED[kind], *["/"] * bool(SUPPLIED[kind]), "option=default"])


def _kind_of(function: Callable[..., Any]) -> str:
    """What a function makes, by its annotation."""
    made = get_type_hints(function).get("return")
    kind = MADE.get(getattr(made, "__name__", str(made)))
    if kind is None and str(made) == "collections.abc.Callable[[int], float]":
        kind = "schedule"
    if kind is None:
        raise UserError(
            f"register: {function.__name__} does not say what it makes; annotate it to return "
            f"{', '.join(MADE)}, or write @optlab.register('optimizer')"
        )
    return kind
