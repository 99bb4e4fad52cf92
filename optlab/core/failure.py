"""What an exception says in one line, with the place in the code that raised it, and its traceback."""

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from optlab.core.errors import UserError
from optlab.core.registry import Registry

LIBRARIES = {"joblib", "numpy", "optlab", "pandas", "pyarrow", "scipy", "sklearn", "threadpoolctl"}
"""Packages that call a user's code, or are called by it: an exception in them is seldom theirs."""


class Failure(NamedTuple):
    """Why something failed."""

    line: str
    traceback: str = ""


class BrokenCode(UserError):
    """A user's own data set or model has raised an exception."""

    def __init__(self, message: str, traceback: str = "") -> None:
        super().__init__(message)
        self.traceback = traceback


def failure_of(error: BaseException) -> Failure:
    """An exception as people read it."""
    if isinstance(error, BrokenCode):
        return Failure(str(error), error.traceback)
    place = _place(error)
    return Failure(
        f"{one_line(error)}{place and f', at {place}'}", "".join(traceback.format_exception(error))
    )


def one_line(error: BaseException) -> str:
    """An exception in one line."""
    return f"{type(error).__name__}: {error}".partition("\n")[0]


@contextmanager
def users_code(registry: Registry[Any], name: str) -> Iterator[None]:
    """What runs the code that `registry` knows by a name: if it is the user's, an exception is its mistake.

    Raises:
        BrokenCode: an exception other than `UserError` and `MemoryError`, in code that is not optlab's.
    """
    try:
        yield
    except (UserError, MemoryError):
        raise
    except Exception as error:
        if registry.entry(name).is_own:
            raise
        failure = failure_of(error)
        message = f"{registry.kind}={name}: {failure.line}; mend the code, or choose another {registry.kind}"
        raise BrokenCode(message, failure.traceback) from error


def short_path(path: Path) -> Path:
    """A path as people write it: without the folder that they are in."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _place(error: BaseException) -> str:
    """File, line and function of the deepest frame that is no library's; of the deepest, if all are."""
    frames = list(traceback.walk_tb(error.__traceback__))
    own = [(frame, line) for frame, line in frames if not _is_library(frame.f_globals.get("__name__", ""))]
    for frame, line in (own or frames)[-1:]:
        return f"{short_path(Path(frame.f_code.co_filename))}:{line} in {frame.f_code.co_name}"
    return ""


def _is_library(module: str) -> bool:
    package = module.partition(".")[0]
    return package in LIBRARIES or package in sys.stdlib_module_names
