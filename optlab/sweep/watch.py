"""Who is told how a sweep goes on."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from optlab.arrays import Array
    from optlab.sweep.plan import Stack


class Watch(Protocol):
    """Somebody who is told how a sweep goes on."""

    def begins(self, runs: int, present: int, stacks: int) -> None:
        """A sweep of so many runs begins; so many are in the folder already, the rest is in stacks."""

    def advances(self, stack: "Stack", done: int, budget: int, cost: "Array") -> None:
        """A stack has done so many of its steps; cost (R,) of its runs, NaN where they diverged."""

    def trained(self, stack: "Stack", status: list[str], cost: list[float]) -> None:
        """A stack is trained and stored; final status and training cost of its runs."""


class Silent:
    """Nobody watches."""

    def begins(self, runs: int, present: int, stacks: int) -> None: ...
    def advances(self, stack: "Stack", done: int, budget: int, cost: "Array") -> None: ...
    def trained(self, stack: "Stack", status: list[str], cost: list[float]) -> None: ...
