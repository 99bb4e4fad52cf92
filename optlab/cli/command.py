"""What the commands have in common: how they end, how they tell a mistake, and output that nobody reads."""

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, NoReturn

from optlab.core.errors import UserError

if TYPE_CHECKING:
    from optlab.store.read import Results


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaints are user errors like any other: one line, exit 2."""

    def error(self, message: str) -> NoReturn:
        raise UserError(f"{message}; see {self.prog} --help")


def command(main: Callable[..., int]) -> Callable[..., int]:
    """Decorator of a command's `main`, which takes the command line and returns the exit code.

    A user's mistake is told in one line and exits with 2, an interruption with 130.
    """

    @wraps(main)
    def wrapper(arguments: Sequence[str] | None = None) -> int:
        settle()
        try:
            return main(arguments)
        except UserError as error:
            if wants_traceback():
                raise
            return tell(error)
        except KeyboardInterrupt:
            print("optlab: interrupted", file=sys.stderr)
            return 130

    return wrapper


def tell(error: UserError) -> int:
    """Print a mistake in one line; returns the exit code."""
    print(f"optlab: error: {error}", file=sys.stderr)
    return 2


def tell_skipped_files(results: "Results") -> None:
    """Name the damaged files whose runs are not in the results, if there are any."""
    for what in results.skipped_files:
        print(f"optlab: left out: {what}", file=sys.stderr)


def wants_traceback() -> bool:
    """Whether the user wants to see where a mistake was noticed."""
    return os.environ.get("HYDRA_FULL_ERROR") == "1"


class Outlet(io.FileIO):
    """A file that takes what nobody reads any more, as after ``optlab --help | head``."""

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            return memoryview(data).nbytes


def settle() -> None:
    """Let a command do its work whatever shell or notebook it is called from."""
    os.environ["MPLBACKEND"] = "agg"  # a notebook names one for its own pictures; workers inherit this one
    _keep_output_going()


def _keep_output_going() -> None:
    """Let a command go on where its output is not read any more, or its encoding lacks a character.

    Training is worth more than its display.
    """
    out = sys.stdout
    if out is sys.__stdout__ and isinstance(out, io.TextIOWrapper):
        out.flush()
        sys.stdout = io.TextIOWrapper(
            io.BufferedWriter(Outlet(out.fileno(), "wb", closefd=False)),
            encoding=out.encoding,
            errors="backslashreplace",
            line_buffering=out.line_buffering,
        )
