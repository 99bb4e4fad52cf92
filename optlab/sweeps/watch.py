"""Who is told how a sweep goes on."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from optlab.sweeps.notes import Note
    from optlab.sweeps.plan import Stack


class Watch(Protocol):
    """Somebody who is told how a sweep goes on."""

    def begins(self, runs: int, present: int, stacks: int) -> None:
        """A sweep of so many runs begins; so many are in the folder already, the rest is in stacks."""

    def says(self, text: str) -> None:
        """Something that the user should know."""

    def advances(self, stack: "Stack", note: "Note") -> None:
        """A stack is being trained, and so far."""

    def trained(self, stack: "Stack", note: "Note") -> None:
        """A stack is trained and stored."""


class Silent:
    """Nobody watches."""

    def begins(self, runs: int, present: int, stacks: int) -> None: ...
    def says(self, text: str) -> None: ...
    def advances(self, stack: "Stack", note: "Note") -> None: ...
    def trained(self, stack: "Stack", note: "Note") -> None: ...
