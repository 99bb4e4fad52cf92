"""How a user's function becomes known by its name."""

from collections.abc import Callable
from typing import Any

from optlab import optimizers
from optlab.core.errors import UserError
from optlab.runs.schema import REGISTRIES


def register(
    kind: str, *asks: Any, elementwise: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """See `optlab.register`."""
    if kind == "optimizer":
        return optimizers.optimizer(*asks, elementwise=elementwise)
    if kind not in REGISTRIES:
        raise UserError(
            f"register('{kind}'): there is no such kind; choose from {', '.join(sorted(REGISTRIES))}"
        )
    return REGISTRIES[kind].register
