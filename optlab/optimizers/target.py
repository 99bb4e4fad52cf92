"""Optimizers of other libraries by the dotted path of their class or function."""

import inspect
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from optlab.core.errors import UserError


def library(name: str, package: str) -> Any:
    """A library that `optimizer=NAME` needs.

    Raises:
        UserError: it is not installed.
    """
    try:
        return import_module(package)
    except ImportError as error:
        raise UserError(
            f"optimizer={name}: {package} is not installed ({error}); "
            f"in a clone of optlab, pip install '.[{name}]' brings it"
        ) from error


def load(target: str) -> Any:
    """What a dotted path such as ``torch.optim.Adam`` names.

    Raises:
        UserError: it cannot be imported.
    """
    module, _, name = target.rpartition(".")
    try:
        return getattr(import_module(module), name)
    except Exception as error:  # also whatever the module raises when it is imported
        raise UserError(
            f"optimizer.target={target}: cannot be imported ({type(error).__name__}: {error}); give "
            "PACKAGE.MODULE.NAME as Python imports it"
        ) from error


def call(
    target: str, function: Callable[..., Any], *arguments: Any, options: Mapping[str, Any], **numbers: Any
) -> Any:
    """What a class or function makes of some arguments, numbers of the rule and the user's options.

    Raises:
        UserError: it takes other options, or refuses their values.
    """
    try:
        return function(*arguments, **numbers, **options)
    except (TypeError, ValueError) as error:
        raise UserError(
            f"optimizer.target={target} optimizer.options={shown(options)}: {error}; it takes "
            f"{', '.join(_parameters(function))}"
        ) from error


def shown(options: Mapping[str, Any]) -> str:
    """Options as a command line sets them."""
    return "{" + ", ".join(f"{key}: {value}" for key, value in options.items()) + "}"


def _parameters(function: Callable[..., Any]) -> list[str]:
    """Names of the options that a function takes, the first argument of a class left out."""
    parameters = list(inspect.signature(function).parameters.values())
    named = [p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    return [name for name in named if name not in ("params", "args", "kwargs")]
