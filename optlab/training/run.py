"""One run of a stack."""

from typing import Any, NamedTuple

from optlab.objective.penalty import Penalty


class Member(NamedTuple):
    """One run of a stack."""

    optimizer: str
    options: dict[str, Any]  # of the optimizer's factory
    penalty: Penalty
    seed: int
