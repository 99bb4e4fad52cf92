"""Learning-rate schedules: a factor for the learning rate of every step.

A schedule is a function t -> factor with t = 1, 2, ...; at step t a rule is made with lr * factor, so
no optimizer knows of schedules. A factory is given the budget, the number of steps of the whole training,
and the options. All count in steps, not in epochs.

With warm-up the factor first rises linearly, t / warmup_steps; what is said below of step t then holds
of step t - warmup_steps, and a horizon ends where it would have ended without.
"""

import math
from collections.abc import Callable

from optlab.core.options import Count, Fraction, Index, NonNegative, UnitInterval
from optlab.core.registry import Entry, Registry

REGISTRY = Registry("schedule", "optlab.training.schedules", Entry)

Schedule = Callable[[int], float]


def warm_up(schedule: Schedule, warmup_steps: int) -> Schedule:
    """`schedule` after a linear rise of the factor from 1 / warmup_steps to 1."""
    return lambda t: t / warmup_steps if t <= warmup_steps else schedule(t - warmup_steps)


@REGISTRY.register
def constant(budget: int, /, warmup_steps: Index = 0) -> Schedule:
    """The learning rate as it is.

    Args:
        warmup_steps: steps of linear warm-up before.
    """
    return warm_up(lambda t: 1.0, warmup_steps)


@REGISTRY.register
def step(budget: int, /, step_size: Count, gamma: UnitInterval = 0.1, warmup_steps: Index = 0) -> Schedule:
    """Drops by a factor again and again: gamma^floor((t - 1) / step_size), PyTorch's StepLR.

    Args:
        step_size: steps between two drops; has to be given.
        gamma: factor of one drop, in (0, 1].
        warmup_steps: steps of linear warm-up before.
    """
    return warm_up(lambda t: gamma ** ((t - 1) // step_size), warmup_steps)


@REGISTRY.register
def exponential(budget: int, /, gamma: UnitInterval = 0.999, warmup_steps: Index = 0) -> Schedule:
    """Falls by the same factor in every step: gamma^(t - 1), PyTorch's ExponentialLR.

    Args:
        gamma: factor of one step, in (0, 1].
        warmup_steps: steps of linear warm-up before.
    """
    return warm_up(lambda t: gamma ** (t - 1), warmup_steps)


@REGISTRY.register
def inverse_time(budget: int, /, decay: NonNegative = 0.01, warmup_steps: Index = 0) -> Schedule:
    """Falls like 1 / t in the end: 1 / (1 + decay (t - 1)), the rates of Robbins and Monro (1951).

    Args:
        decay: one over the steps until the rate is halved.
        warmup_steps: steps of linear warm-up before.
    """
    return warm_up(lambda t: 1 / (1 + decay * (t - 1)), warmup_steps)


@REGISTRY.register
def inverse_sqrt(budget: int, /, warmup_steps: Index = 0) -> Schedule:
    """Falls like the root of the steps: sqrt(k / t) with k = max(1, warmup_steps).

    With warm-up this is min(t / k, sqrt(k / t)), t counted from the first step of all: the rates of
    Vaswani et al., Attention Is All You Need, 2017, eq. (3), as multiples of their largest.

    Args:
        warmup_steps: steps of linear warm-up before.
    """
    k = max(1, warmup_steps)
    return lambda t: min(t / k, (k / t) ** 0.5)


@REGISTRY.register
def cosine(
    budget: int, /, steps: Count | None = None, final: Fraction = 0.0, warmup_steps: Index = 0
) -> Schedule:
    """Half a cosine wave from 1 to `final`: final + (1 - final) (1 + cos(pi (t - 1) / T)) / 2.

    T = steps - warmup_steps; afterwards the factor stays `final`. PyTorch's CosineAnnealingLR; Loshchilov and
    Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts, 2017, eq. (5), without restarts.

    Args:
        steps: the horizon, warm-up included; null: the budget of the training.
        final: factor at the end, in [0, 1).
        warmup_steps: steps of linear warm-up before.
    """
    progress = _progress(steps or budget, warmup_steps)
    return warm_up(lambda t: final + (1 - final) * (1 + math.cos(math.pi * progress(t))) / 2, warmup_steps)


@REGISTRY.register
def linear(
    budget: int, /, steps: Count | None = None, final: Fraction = 0.0, warmup_steps: Index = 0
) -> Schedule:
    """A straight line from 1 to `final`: 1 - (1 - final) (t - 1) / T, PyTorch's LinearLR.

    T = steps - warmup_steps; afterwards the factor stays `final`.

    Args:
        steps: the horizon, warm-up included; null: the budget of the training.
        final: factor at the end, in [0, 1).
        warmup_steps: steps of linear warm-up before.
    """
    progress = _progress(steps or budget, warmup_steps)
    return warm_up(lambda t: 1 - (1 - final) * progress(t), warmup_steps)


def _progress(steps: int, warmup_steps: int) -> Callable[[int], float]:
    """The share of the way from warm-up to horizon that is behind at step t after the warm-up."""
    length = max(1, steps - warmup_steps)
    return lambda t: min(1.0, (t - 1) / length)
