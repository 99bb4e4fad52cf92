"""Schedules: a factor for the learning rate, or for another number of the optimizer, of every step.

A schedule is a function t -> factor with t = 1, 2, ...; at step t a rule is made with lr * factor, so
no optimizer knows of schedules. A factory is given the budget, the number of steps of the whole training,
and the options. All count in steps, some in epochs if they are asked to.

With warm-up the factor first rises linearly, t / warmup_steps; what is said below of step t then holds
of step t - warmup_steps, and a horizon ends where it would have ended without.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any, Literal

from optlab.core.options import Count, Fraction, Index, NonNegative, Positive, UnitInterval
from optlab.core.registry import Entry, Registry

REGISTRY = Registry("schedule", "optlab.training.schedules", Entry)

Schedule = Callable[[int], float]

Unit = Literal["step", "epoch"]

Also = dict[str, dict[str, Any]] | None


def every_schedule(also: Also = None) -> None:
    """The option of every schedule; this signature is its schema.

    Args:
        also: schedules of other numbers of the optimizer, by name, such as
            ``{momentum: {name: one_cycle, start: 1, middle: 0.9, final: 1}}``.
    """


def make_schedules(section: Mapping[str, Any], budget: int) -> dict[str, Schedule]:
    """The schedules that a canonical `schedule` section describes, by the number that they multiply."""
    sections = {"lr": section, **(section.get("also") or {})}
    return {number: _make(part, budget) for number, part in sections.items()}


def _make(section: Mapping[str, Any], budget: int) -> Schedule:
    options = {key: value for key, value in section.items() if key not in ("name", "also")}
    return REGISTRY.get(section["name"])(budget, **options)


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


@REGISTRY.register
def cosine_restarts(
    budget: int,
    /,
    length: Count,
    unit: Unit = "step",
    growth: Count = 1,
    final: Fraction = 0.0,
    warmup_steps: Index = 0,
) -> Schedule:
    """Half a cosine wave from 1 to `final`, again and again: SGDR, PyTorch's CosineAnnealingWarmRestarts.

    final + (1 - final) (1 + cos(pi k / T)) / 2, k the steps since the last restart, T the length of the
    period: that of the first, times `growth` after each restart.

    Args:
        length: of the first period; has to be given.
        unit: of the length, `step` or `epoch`.
        growth: factor of the length from period to period, a whole number.
        final: factor at the end of a period, in [0, 1).
        warmup_steps: steps of linear warm-up before.

    Reference: Loshchilov and Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts, 2017, eq. (5).
    """
    first = length * _steps_in(unit, budget)

    def factor(t: int) -> float:
        k, period = t - 1, first
        while growth > 1 and k >= period:
            k, period = k - period, growth * period
        return final + (1 - final) * (1 + math.cos(math.pi * (k % period) / period)) / 2

    return warm_up(factor, warmup_steps)


@REGISTRY.register
def one_cycle(
    budget: int,
    /,
    length: Count | None = None,
    unit: Unit = "step",
    rise: UnitInterval = 0.3,
    start: NonNegative = 0.04,
    middle: Positive = 1.0,
    final: NonNegative = 4e-6,
    shape: Literal["cosine", "linear"] = "cosine",
    warmup_steps: Index = 0,
) -> Schedule:
    """From `start` to `middle` and on to `final`: the 1cycle policy, PyTorch's OneCycleLR.

    The factor is `start` in the first step, `middle` in step rise * T and `final` in step T, the horizon.
    While the learning rate rises and falls, Smith lets the momentum fall and rise:
    also={momentum: {name: one_cycle, start: 1, middle: 0.9, final: 1}}.

    Args:
        length: the horizon, warm-up included; null: the budget of the training.
        unit: of the length, `step` or `epoch`.
        rise: share of the horizon until the middle, in (0, 1].
        start: factor of the first step, at least 0.
        middle: factor at the middle, positive.
        final: factor at the end and afterwards, at least 0.
        shape: of the way between, half a cosine wave or a straight line.
        warmup_steps: steps of linear warm-up before.

    Reference: Smith and Topin, Super-Convergence: Very Fast Training of Neural Networks Using Large Learning
    Rates, 2018; Smith, A Disciplined Approach to Neural Network Hyper-Parameters, 2018, section 4.
    """
    horizon = (length * _steps_in(unit, budget) if length else budget) - warmup_steps
    end = max(0, horizon - 1)
    turn = min(max(0.0, rise * horizon - 1), end)

    def between(one: float, other: float, share: float) -> float:
        share = (1 - math.cos(math.pi * share)) / 2 if shape == "cosine" else share
        return one + (other - one) * share

    def factor(t: int) -> float:
        k = t - 1
        if k <= turn:
            return between(start, middle, k / turn if turn else 1.0)
        return between(middle, final, min(1.0, (k - turn) / (end - turn)) if end > turn else 1.0)

    return warm_up(factor, warmup_steps)


def _steps_in(unit: Unit, budget: int) -> int:
    """Steps of a unit of length."""
    return 1 if unit == "step" else getattr(budget, "steps_per_epoch", 1)


def _progress(steps: int, warmup_steps: int) -> Callable[[int], float]:
    """The share of the way from warm-up to horizon that is behind at step t after the warm-up."""
    length = max(1, steps - warmup_steps)
    return lambda t: min(1.0, (t - 1) / length)
