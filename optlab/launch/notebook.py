"""How a sweep goes on, as a notebook shows it: one bar that is drawn again, gone when the sweep has ended."""

import sys
from html import escape
from time import perf_counter
from typing import TYPE_CHECKING, Any

from optlab.sweeps.listener import ProgressListener, Silent

if TYPE_CHECKING:
    from optlab.sweeps.notes import Note
    from optlab.sweeps.plan import Stack

REDRAWN = 0.2  # seconds between two drawings


def listener() -> ProgressListener:
    """A bar in a notebook; elsewhere nobody listens."""
    interactive = sys.modules.get("IPython")
    shell = interactive.get_ipython() if interactive is not None else None
    return Bar(interactive.display.display) if interactive and hasattr(shell, "kernel") else Silent()


class Bar:
    """A bar of the runs of a sweep; `display` is IPython's, which returns a handle to what it shows."""

    def __init__(self, display: Any) -> None:
        self._display, self._handle = display, None
        self._runs = self._done = self._diverged = 0
        self._begun = self._drawn = 0.0
        self._in_work: dict[str, tuple[float, int]] = {}  # by stack: runs' worth of steps done, diverged
        self._messages: list[str] = []

    def on_begin(self, runs: int, present: int, stacks: int) -> None:
        """See `ProgressListener`."""
        self._runs, self._begun = self._runs + runs - present, self._begun or perf_counter()
        self._draw()

    def on_message(self, text: str) -> None:
        """See `ProgressListener`."""
        self._messages.append(text)
        self._draw()

    def on_progress(self, stack: "Stack", note: "Note") -> None:
        """See `ProgressListener`."""
        self._in_work[stack.stack_id] = len(stack.runs) * note.share, note.diverged
        if perf_counter() - self._drawn > REDRAWN:
            self._draw()

    def on_stored(self, stack: "Stack", note: "Note") -> None:
        """See `ProgressListener`."""
        self._in_work.pop(stack.stack_id, None)
        self._done += len(stack.runs)
        self._diverged += note.diverged
        if self._done >= self._runs or perf_counter() - self._drawn > REDRAWN:
            self._draw()

    def _repr_html_(self) -> str:
        done = self._done + sum(share for share, _ in self._in_work.values())
        diverged = self._diverged + sum(number for _, number in self._in_work.values())
        lines = [escape(text) for text in self._messages]
        if self._done < self._runs:
            left = (perf_counter() - self._begun) * (self._runs - done) / max(done, 1e-9)
            text = f"{int(done)}/{self._runs} runs" + f", {diverged} diverged" * bool(diverged)
            text += f", about {left:.0f} s left" * (done > 0)
            lines.append(f"<progress max='{self._runs}' value='{done:.2f}'></progress> {text}")
        return "<br>".join(lines)

    def _draw(self) -> None:
        self._drawn = perf_counter()
        if self._handle is None:
            self._handle = self._display(self, display_id=True)
        else:
            self._handle.update(self)
