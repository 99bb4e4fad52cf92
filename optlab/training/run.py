"""One run of a stack, before it is trained."""

from typing import Any, NamedTuple

from optlab.objective.penalty import Penalty


class RunSpec(NamedTuple):
    """What makes a run: the method, its options, the penalty and the seed."""

    optimizer: str
    options: dict[str, Any]  # of the optimizer's factory
    penalty: Penalty
    seed: int
