"""Passes over samples, counted where they are made: in the models, whoever asks.

What a rule asks of its oracle is counted there, and taken off this tally; what is left after its step was
computed behind the oracle's back, as with an objective of the rule's own.
"""

from collections.abc import Callable
from functools import wraps
from threading import local
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class _Tally(local):
    """Of every thread its own: a stack is trained in one."""

    passes = 0


_TALLY = _Tally()


def count(runs: int, samples: int) -> None:
    """Count a pass of so many runs over so many samples."""
    _TALLY.passes += runs * samples


def made() -> int:
    """Passes that this thread has made so far: runs times samples."""
    return _TALLY.passes


def counted_elsewhere(answer: Callable[P, T]) -> Callable[P, T]:
    """The same function, whose passes do not stay on the tally."""

    @wraps(answer)
    def counted(*args: P.args, **kwargs: P.kwargs) -> T:
        before = _TALLY.passes
        try:
            return answer(*args, **kwargs)
        finally:
            _TALLY.passes = before

    return counted
