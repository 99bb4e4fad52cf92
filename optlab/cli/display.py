"""How a sweep goes on, as the terminal shows it: one live line, or now and then a plain one."""

import sys
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.progress import Progress

    from optlab.sweeps.notes import Note
    from optlab.sweeps.plan import Stack

PLAIN_SECONDS = 10.0
"""Where the output is no terminal, a line at most so often."""


class Display:
    """Watches a sweep. Enter it before the sweep begins: leaving it takes the live line away."""

    def __init__(self, terminal: bool | None = None) -> None:
        self._terminal = sys.stdout.isatty() if terminal is None else terminal
        self._progress: Progress | None = None
        self._task: Any = None
        self._runs = self._done = self._stacks = self._stacks_done = self._diverged = 0
        self._begun = self._last_line = 0.0
        self._in_work: dict[str, tuple[float, int]] = {}  # by stack: runs' worth of steps done, diverged

    def __enter__(self) -> "Display":
        return self

    def __exit__(self, *error: object) -> None:
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

    def on_begin(self, runs: int, present: int, stacks: int) -> None:
        """See `ProgressListener`."""
        self._runs, self._stacks = self._runs + runs - present, self._stacks + stacks
        if not self._begun:
            self._begun = self._last_line = perf_counter()
        already = f", {present} in the folder already" if present else ""
        self._say(f"{runs} run{'s' * (runs != 1)}{already}; {stacks} stack{'s' * (stacks != 1)} to train")
        if self._terminal and self._progress is None and stacks:
            self._progress = _live()
            self._task = self._progress.add_task("", total=self._runs, text="")
            self._progress.start()
        elif self._progress is not None:
            self._progress.update(self._task, total=self._runs)

    def on_message(self, text: str) -> None:
        """See `ProgressListener`."""
        self._say(text)

    def on_progress(self, stack: "Stack", note: "Note") -> None:
        """See `ProgressListener`."""
        self._in_work[stack.stack_id] = len(stack.runs) * note.share, note.diverged
        self._tell(note)

    def on_stored(self, stack: "Stack", note: "Note") -> None:
        """See `ProgressListener`."""
        self._in_work.pop(stack.stack_id, None)
        self._done += len(stack.runs)
        self._stacks_done += 1
        self._diverged += note.diverged
        self._tell(note, always=self._done == self._runs)

    def _tell(self, note: "Note", always: bool = False) -> None:
        done = self._done + sum(share for share, _ in self._in_work.values())
        diverged = self._diverged + sum(number for _, number in self._in_work.values())
        now = perf_counter()
        spent = max(now - self._begun, 1e-9)
        parts = [
            f"{int(done)}/{self._runs} runs",
            f"{self._stacks_done}/{self._stacks} stacks",
            f"{done / spent:.3g} runs/s",
            f"cost {note.cost:.4g}" if note.cost is not None else "",
            f"{diverged} diverged" if diverged else "",
        ]
        text = ", ".join(part for part in parts if part)
        if self._progress is not None:
            self._progress.update(self._task, completed=done, text=text)
        elif always or now - self._last_line > PLAIN_SECONDS:
            self._last_line = now
            left = spent * (self._runs - done) / max(done, 1e-9)
            rest = f", about {left:.0f} s left" if 0 < done < self._runs else ""
            self._say(f"{text}, {spent:.1f} s{rest}")

    def _say(self, text: str) -> None:
        if self._progress is not None:
            self._progress.console.print(text, highlight=False)
        else:
            print(f"optlab: {text}", flush=True)


def _live() -> "Progress":
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (
        BarColumn(bar_width=30),
        TextColumn("{task.fields[text]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    return Progress(*columns, transient=True)
