"""One run of a stack."""

from typing import Any, NamedTuple


class Member(NamedTuple):
    """One run of a stack."""

    optimizer: str
    options: dict[str, Any]  # of the optimizer's factory
    l2: float
    seed: int
