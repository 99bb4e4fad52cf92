"""Who is told how a sweep goes on."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from optlab.sweeps.notes import Note
    from optlab.sweeps.plan import Stack


class ProgressListener(Protocol):
    """Somebody who is told how a sweep goes on."""

    def on_begin(self, runs: int, present: int, stacks: int) -> None:
        """A sweep of so many runs begins; so many are in the folder already, the rest is in stacks."""

    def on_message(self, text: str) -> None:
        """Something that the user should know."""

    def on_progress(self, stack: "Stack", note: "Note") -> None:
        """A stack is being trained, and so far."""

    def on_stored(self, stack: "Stack", note: "Note") -> None:
        """A stack is trained and stored."""


class Silent:
    """Nobody listens."""

    def on_begin(self, runs: int, present: int, stacks: int) -> None: ...
    def on_message(self, text: str) -> None: ...
    def on_progress(self, stack: "Stack", note: "Note") -> None: ...
    def on_stored(self, stack: "Stack", note: "Note") -> None: ...
