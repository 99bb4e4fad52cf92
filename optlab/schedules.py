"""Learning-rate schedules: a factor for the learning rate of every step.

A schedule is a function t -> factor with t = 1, 2, ...; at step t a rule is made with lr * factor, so
no optimizer knows of schedules.
"""

from collections.abc import Callable

from optlab.options import Index
from optlab.registry import Registry

REGISTRY = Registry("schedule", "optlab.schedules")

Schedule = Callable[[int], float]


def warmed_up(schedule: Schedule, warmup_steps: int) -> Schedule:
    """`schedule` with its factor raised linearly over the first steps: t / warmup_steps."""
    if warmup_steps == 0:
        return schedule
    return lambda t: min(1.0, t / warmup_steps) * schedule(t)


@REGISTRY.register
def constant(warmup_steps: Index = 0) -> Schedule:
    """The learning rate as it is, after a linear warm-up if asked for."""
    return warmed_up(lambda t: 1.0, warmup_steps)
