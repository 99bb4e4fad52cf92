"""One run of a stack, before it is trained."""

from typing import Any, NamedTuple

from optlab.objective.penalty import Penalty
from optlab.optimizers.groups import Groups


class RunSpec(NamedTuple):
    """What makes a run: the method, its options, the penalty, the seed and the groups of parameters."""

    optimizer: str
    options: dict[str, Any]  # of the optimizer's factory
    penalty: Penalty
    seed: int
    groups: Groups = Groups()
