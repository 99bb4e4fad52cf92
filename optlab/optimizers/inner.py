"""The rule that a wrapper works around, and what it is told of the gradient."""

from collections.abc import Mapping
from typing import Any, cast

from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.core.options import conform
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import REGISTRY, Rule

FIRST_ORDER = {"gradient", "layers", "matrices"}
"""What methods ask for that can be wrapped: the gradient where they stand, and how parameters lie."""


def inner_rule(wrapper: str, name: str, lr: float | Array, options: Mapping[str, Any] | None) -> Rule:
    """The rule called `name` with this learning rate and these other options.

    Raises:
        UserError: there is no such method, it is not first-order, or takes other options.
    """
    key, method = f"optimizer={wrapper} optimizer.inner={name}", REGISTRY.entry(name)
    if method.family == "other libraries":
        raise UserError(f"{key}: wraps optlab's methods and your own; give the method of that library itself")
    if not method.asks <= FIRST_ORDER:
        beyond = ", ".join(sorted(method.asks - FIRST_ORDER))
        raise UserError(
            f"{key}: a wrapper needs a method that asks for the gradient where it stands, and this one asks "
            f"for {beyond}; use optimizer.inner=adam or another first-order method"
        )
    given = conform({**(options or {}), "lr": 1.0}, method.factory, "optimizer.options")
    rule: Rule = method.factory(**{**given, "lr": lr})
    return rule


class GivenGradient:
    """The oracle of a step, as the inner rule sees it: with this gradient (R, P) in place of its own."""

    def __init__(self, oracle: Oracle, gradient: Array) -> None:
        self._oracle, self._gradient = oracle, gradient

    def __getattr__(self, name: str) -> Any:
        return getattr(self._oracle, name)

    def gradient(self, w: Array, clip: bool = True) -> Array:
        """The gradient that is given."""
        return self._gradient


def with_gradient(oracle: Oracle, gradient: Array) -> Oracle:
    """The oracle with this gradient (R, P) in place of its own."""
    return cast(Oracle, GivenGradient(oracle, gradient))
