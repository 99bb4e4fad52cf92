"""The source of code that is not optlab's: it decides the numbers of a run as its configuration does.

What counts is the text of a factory and of every function and class of its own package that it mentions,
directly or through others, comments included, and the constants that they read (numbers, texts, tuples of
these). Code without a text, typed into a prompt or compiled, counts by its byte code, which holds for one
version of Python. What comes from files, other packages or objects that can change does not count.
"""

import inspect
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache, partial
from types import CodeType, FunctionType
from typing import Any


def source(factory: Callable[..., Any]) -> list[str]:
    """Texts of all code that decides what a factory makes, in an order of their own."""
    code = list(_code(factory)) or [type(factory)]
    package, texts, seen = code[0].__module__.partition(".")[0], set[str](), set[Any]()
    while code:
        part = code.pop()
        if part in seen or part.__module__.partition(".")[0] != package:
            continue
        seen.add(part)
        texts.add(_text(part))
        for name, value in _mentioned(part):
            code += _code(value)
            if _is_constant(value):
                texts.add(f"{name} = {value!r}")
    return sorted(texts)


def _code(value: Any) -> Iterator[Any]:
    """The function or class behind a value, if there is one."""
    if isinstance(value, FunctionType | type):
        yield value
    elif isinstance(value, partial):
        yield from _code(value.func)
    elif callable(value) and hasattr(value, "__wrapped__"):  # by a cache, say
        yield from _code(inspect.unwrap(value))


@lru_cache(maxsize=1024)
def _text(part: Any) -> str:
    codes = [function.__code__ for function in _functions(part)]
    with suppress(OSError, TypeError):
        if not any(
            code.co_filename == "<string>" for code in codes
        ):  # else Python 3.13 shows that of `python -c`
            return inspect.getsource(part)
    return "\n".join([part.__qualname__, *map(_compiled, codes)])


def _functions(part: Any) -> list[FunctionType]:
    """A function, or the methods of a class."""
    if isinstance(part, FunctionType):
        return [part]
    members = [getattr(value, "fget", getattr(value, "__func__", value)) for value in vars(part).values()]
    return [member for member in members if isinstance(member, FunctionType)]


def _compiled(code: CodeType) -> str:
    constants = [_compiled(c) if isinstance(c, CodeType) else _repr(c) for c in code.co_consts]
    return " ".join([code.co_code.hex(), *code.co_names, *code.co_varnames, *constants])


def _repr(constant: Any) -> str:
    return repr(sorted(map(repr, constant))) if isinstance(constant, frozenset) else repr(constant)


def _mentioned(part: Any) -> Iterator[tuple[str, Any]]:
    """Names that a function or class reads, with what they stand for."""
    if isinstance(part, type):
        yield from ((base.__name__, base) for base in part.__bases__)
    for function in _functions(part):
        code, closure = function.__code__, function.__closure__ or ()
        yield from zip(code.co_freevars, map(_content, closure), strict=True)
        names = [name for name in _names(code) if name in function.__globals__]
        yield from ((name, function.__globals__[name]) for name in names)
        yield from ((f"default {i}", value) for i, value in enumerate(function.__defaults__ or ()))
        yield from (function.__kwdefaults__ or {}).items()


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # nothing has been assigned yet
        return None


def _is_constant(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_constant, value))
    return isinstance(value, bool | int | float | complex | str | bytes | None)
