"""Copies of an object with some of its attributes changed."""

from typing import Any, TypeVar

T = TypeVar("T")


def copy_with(original: T, **changes: Any) -> T:
    """A copy of an object (without slots) with some attributes changed.

    Several copies are made in every step: this takes a quarter of the time of `dataclasses.replace`.
    """
    copy: T = object.__new__(type(original))
    copy.__dict__ = original.__dict__ | changes
    return copy
