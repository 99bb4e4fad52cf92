"""Options: a factory's signature is the schema of its configuration section.

The keyword parameters of an optimizer, a model, a data set or a schedule say in their annotations
which type and range an option has; `conform` checks a section of the configuration against them.
Positional-only parameters are not options: the caller supplies them.
"""

import inspect
import json
import math
import re
import struct
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from optlab.core.errors import UserError


@dataclass(frozen=True)
class Interval:
    """The range of a number; `brackets` tells which ends belong to it, as in ``[0, 1)``."""

    low: float
    high: float
    brackets: Literal["()", "[)", "(]", "[]"]

    def __contains__(self, value: float) -> bool:
        above = value >= self.low if self.brackets[0] == "[" else value > self.low
        below = value <= self.high if self.brackets[1] == "]" else value < self.high
        return above and below

    def __str__(self) -> str:
        if math.isinf(self.high):
            return f"{'at least' if self.brackets[0] == '[' else 'above'} {self.low:g}"
        return f"in {self.brackets[0]}{self.low:g}, {self.high:g}{self.brackets[1]}"


@dataclass(frozen=True)
class Choice:
    """The texts that an option admits, where they follow from a table."""

    names: tuple[str, ...]

    def __contains__(self, value: str) -> bool:
        return value in self.names

    def __str__(self) -> str:
        return "one of " + ", ".join(self.names)


@dataclass(frozen=True)
class Form:
    """The texts of a form of their own, such as ``0.1*max``, that an option admits."""

    words: str  # that tell the form
    admits: Callable[[str], bool]

    def __contains__(self, value: str) -> bool:
        return self.admits(value)

    def __str__(self) -> str:
        return self.words


Positive = Annotated[float, Interval(0, math.inf, "()")]
NonNegative = Annotated[float, Interval(0, math.inf, "[)")]
Fraction = Annotated[float, Interval(0, 1, "[)")]  # 0 <= x < 1
OpenFraction = Annotated[float, Interval(0, 1, "()")]  # 0 < x < 1
UnitInterval = Annotated[float, Interval(0, 1, "(]")]  # 0 < x <= 1
Count = Annotated[int, Interval(1, math.inf, "[)")]
Index = Annotated[int, Interval(0, math.inf, "[)")]  # also a seed


MAX_WHOLE = 2**63 - 1
"""The largest whole number of an option: tables hold no larger one."""

NUMBER = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*", re.ASCII)
MAX_SHOWN = 60  # characters of a value in a message


@cache
def annotations(factory: Callable[..., Any]) -> dict[str, Any]:
    """Name and annotation of every option of `factory`, in the order of its signature."""
    hints = get_type_hints(factory, include_extras=True)
    parameters = inspect.signature(factory).parameters.values()
    return {p.name: hints.get(p.name, Any) for p in parameters if p.kind is not p.POSITIONAL_ONLY}


def defaults(factory: Callable[..., Any]) -> dict[str, Any]:
    """Options of `factory` that have a default, with it."""
    parameters = inspect.signature(factory).parameters.values()
    return {
        p.name: p.default
        for p in parameters
        if p.kind is not p.POSITIONAL_ONLY and p.default is not inspect.Parameter.empty
    }


def number_options(factory: Callable[..., Any]) -> frozenset[str]:
    """Options that are real numbers: these may differ between the runs of one stack."""
    return frozenset(name for name, hint in annotations(factory).items() if float in _alternatives(hint))


def conform(section: Mapping[str, Any], factory: Callable[..., Any], path: str) -> dict[str, Any]:
    """Check the options in `section` against the signature of `factory`.

    Args:
        section: option names and values, as configured.
        factory: callable whose keyword parameters are the options.
        path: where the section stands in the configuration, such as ``optimizer``; used in messages.

    Returns:
        Keyword arguments for `factory`, defaults filled in, integers turned into floats where a float
        is asked for (so that ``lr=1`` and ``lr=1.0`` are the same configuration).

    Raises:
        UserError: an unknown or missing option, a wrong type, or a value out of range.
    """
    hints, given = annotations(factory), defaults(factory)
    for name, value in section.items():
        if name not in hints:
            raise unknown(f"{path}.{name}={shown(value)}", f"{path} has no option '{name}'", name, hints)
        given[name] = _conform_value(value, hints[name], f"{path}.{name}".lstrip("."))
    for name in hints:
        if name not in given:
            raise UserError(f"{path}.{name} is missing: set {path}.{name}=VALUE ({describe(hints[name])})")
    return {name: given[name] for name in hints}


def without_defaults(section: Mapping[str, Any], *factories: Callable[..., Any]) -> dict[str, Any]:
    """What a conforming section says beyond the defaults of the factories whose options it holds."""
    rest = dict(section)
    for factory in factories:
        hints, given = annotations(factory), _canonical_defaults(factory)
        for name in section.keys() & hints.keys():
            if name in given and _same(section[name], given[name]):
                del rest[name]
                continue
            rest[name] = _canonical(section[name], hints[name])
            if name in given and _same(rest[name], given[name]):
                del rest[name]
    return rest


@cache
def _canonical_defaults(factory: Callable[..., Any]) -> dict[str, Any]:
    hints = annotations(factory)
    return {name: _canonical(value, hints[name]) for name, value in defaults(factory).items()}


def _canonical(value: Any, hint: Any) -> Any:
    """A number as its annotation wants it; a default need not conform."""
    fitted = _fit(value, hint)
    return value if fitted is _MISFIT else fitted


def _same(one: Any, other: Any) -> bool:
    """Whether two values are written alike: 1, 1.0 and true are three, a tuple is a list."""
    if isinstance(one, float | str) and isinstance(other, float | str):
        return one == other
    return one is other or json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def unknown(
    what: str, why: str, name: str, known: Mapping[str, Any] | list[str] | tuple[str, ...]
) -> UserError:
    """The error for a name that is not among `known`, with the nearest of them suggested."""
    close = get_close_matches(str(name), [str(one) for one in known], n=1)
    hint = f"did you mean '{close[0]}'? " if close else ""
    return UserError(
        f"{what}: {why}; {hint}choose from {', '.join(map(str, known)) or 'nothing (it has no options)'}"
    )


def describe(hint: Any) -> str:
    """An annotation in words, such as ``a number in [0, 1)``."""
    words = {
        float: "a number",
        int: "a whole number",
        bool: "true or false",
        str: "a text",
        type(None): "null",
    }
    origin = get_origin(hint)
    if origin is Annotated:
        kind, *extras = get_args(hint)
        choices = [str(extra) for extra in extras if isinstance(extra, Choice | Form)]
        ranges = [str(extra) for extra in extras if isinstance(extra, Interval)]
        return " ".join(choices or [describe(kind), *ranges])
    if origin is Literal:
        return "one of " + ", ".join(str(value) for value in get_args(hint))
    if origin in (Union, types.UnionType):
        return " or ".join(describe(part) for part in get_args(hint))
    if origin in (list, tuple):
        return f"a list, each {describe(get_args(hint)[0])}"
    if origin is dict:
        return "{name: value}, each " + describe(get_args(hint)[1])
    return words.get(hint, "any value")


def _alternatives(hint: Any) -> list[Any]:
    """The plain types that an annotation admits."""
    if get_origin(hint) is Annotated:
        return _alternatives(get_args(hint)[0])
    if get_origin(hint) in (Union, types.UnionType):
        return [kind for part in get_args(hint) for kind in _alternatives(part)]
    return [hint]


def check_precision(options: Mapping[str, Any], factory: Callable[..., Any], path: str, dtype: str) -> None:
    """Refuse numbers that leave their range where they are rounded to `dtype`: 1e-50 is 0 in float32.

    Args:
        options: that conform to the signature of `factory`.
        path: where they stand in the configuration; used in messages.

    Raises:
        UserError: a number becomes 0, infinite or an end of its range that is excluded.
    """
    if dtype == "float64":
        return
    for name in options.keys() & number_options(factory):
        value = options[name]
        if isinstance(value, float):
            rounded = _in_single(value)
            if (rounded == 0) != (value == 0) or _fit(rounded, annotations(factory)[name]) is _MISFIT:
                raise UserError(
                    f"{path}.{name}={value:g} dtype={dtype}: the number is {rounded:g} in this precision; "
                    "set dtype=float64 or another number"
                )


def _in_single(value: float) -> float:
    """The nearest number in single precision."""
    try:
        number: float = struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)
    return number


def _conform_value(value: Any, hint: Any, key: str) -> Any:
    fitted = _fit(value, hint)
    if fitted is _MISFIT and (number := _number_in(value)) is not None:
        fitted = _fit(number, hint)
    if fitted is _MISFIT:
        if isinstance(value, int) and abs(value) > MAX_WHOLE:
            raise UserError(f"{key}={shown(value)}: the number is too large; set {key} below 2^63")
        raise UserError(f"{key}={shown(value)}: must be {describe(hint)}; set {key}=VALUE accordingly")
    return fitted


def _number_in(value: Any) -> int | float | None:
    """The number that a text is, as one from an environment variable; None for anything else."""
    if not isinstance(value, str) or not NUMBER.fullmatch(value) or len(value) > MAX_SHOWN:
        return None
    for kind in (int, float):
        try:
            return kind(value)
        except ValueError:
            pass
    return None


def shown(value: Any) -> str:
    """A value in a message, as it is written in a configuration; shortened where it is long."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    if isinstance(value, int) and abs(value) > MAX_WHOLE:
        return f"{'-' if value < 0 else ''}{_leading_digits(abs(value))}"
    text = " ".join(str(value).split())
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 3]}..."


def _leading_digits(value: int) -> str:
    """A number that may have more digits than Python writes."""
    exponent = max(0, int(value.bit_length() * math.log10(2)) - 20)
    digits = str(value // 10**exponent)
    return digits if exponent == 0 else f"{digits[:6]}... ({len(digits) + exponent} digits)"


_MISFIT = object()


def _fit(value: Any, hint: Any) -> Any:
    """`value` as `hint` wants it, or _MISFIT."""
    origin = get_origin(hint)
    if hint is Any:
        return value
    if origin is Annotated:
        kind, *extras = get_args(hint)
        fitted = _fit(value, kind)
        limits = [extra for extra in extras if isinstance(extra, Interval | Choice | Form)]
        inside = fitted is not _MISFIT and all(fitted in limit for limit in limits)
        return fitted if inside else _MISFIT
    if origin is Literal:
        return value if value in get_args(hint) and not isinstance(value, bool) else _MISFIT
    if origin in (Union, types.UnionType):
        fits = (_fit(value, part) for part in get_args(hint))
        return next((fitted for fitted in fits if fitted is not _MISFIT), _MISFIT)
    if origin in (list, tuple):
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = [value]  # model.hidden=16
        if isinstance(value, str) or not hasattr(value, "__iter__"):
            return _MISFIT
        items = [_fit(item, get_args(hint)[0]) for item in value]
        return _MISFIT if any(item is _MISFIT for item in items) else origin(items)
    if origin is dict:
        if not isinstance(value, Mapping):
            return _MISFIT
        names, values = get_args(hint)
        fitted = {_fit(name, names): _fit(item, values) for name, item in value.items()}
        return _MISFIT if _MISFIT in [*fitted, *fitted.values()] else fitted
    if hint is float:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or (isinstance(value, int) and abs(value) > MAX_WHOLE) or math.isnan(value):
            return _MISFIT
        return float(value) + 0.0  # 0, never -0
    if hint is int:
        number = isinstance(value, int) and not isinstance(value, bool)
        return value if number and abs(value) <= MAX_WHOLE else _MISFIT
    return value if isinstance(value, hint) else _MISFIT
