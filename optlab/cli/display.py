"""How a sweep goes on, as the terminal shows it: one live line, or now and then a plain one."""

import sys
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.progress import Progress

    from optlab.arrays import Array
    from optlab.sweep.plan import Stack

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

    def __enter__(self) -> "Display":
        return self

    def __exit__(self, *error: object) -> None:
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

    def begins(self, runs: int, present: int, stacks: int) -> None:
        """See `Watch`."""
        self._runs, self._stacks = self._runs + runs - present, self._stacks + stacks
        if not self._begun:
            self._begun = self._last_line = perf_counter()
        kept = f", {present} in the folder already" if present else ""
        self._say(f"{runs} run{'s' * (runs != 1)}{kept}; {stacks} stack{'s' * (stacks != 1)} to train")
        if self._terminal and self._progress is None and stacks:
            self._progress = _live()
            self._task = self._progress.add_task("", total=self._runs, told="")
            self._progress.start()
        elif self._progress is not None:
            self._progress.update(self._task, total=self._runs)

    def advances(self, stack: "Stack", done: int, budget: int, cost: "Array") -> None:
        """See `Watch`."""
        alive = [value for value in cost.tolist() if value == value]
        diverged = self._diverged + len(cost) - len(alive)
        middle = f"cost {median(alive):.4g}" if len(alive) else ""
        self._tell(self._done + len(stack.runs) * done / budget, middle, diverged)

    def trained(self, stack: "Stack", status: list[str], cost: list[float]) -> None:
        """See `Watch`."""
        self._done += len(stack.runs)
        self._stacks_done += 1
        self._diverged += status.count("diverged")
        alive = [value for value, how in zip(cost, status, strict=True) if how != "diverged"]
        middle = f"cost {median(alive):.4g}" if alive else ""
        self._tell(self._done, middle, self._diverged, always=self._done == self._runs)

    def _tell(self, done: float, middle: str, diverged: int, always: bool = False) -> None:
        parts = [f"{int(done)}/{self._runs} runs", f"{self._stacks_done}/{self._stacks} stacks", middle]
        if diverged:
            parts.append(f"{diverged} diverged")
        told = ", ".join(part for part in parts if part)
        if self._progress is not None:
            self._progress.update(self._task, completed=done, told=told)
        elif always or perf_counter() - self._last_line > PLAIN_SECONDS:
            self._last_line = perf_counter()
            spent = self._last_line - self._begun
            left = spent * (self._runs - done) / max(done, 1e-9)
            self._say(f"{told}, {spent:.1f} s" + (f", about {left:.0f} s left" if done < self._runs else ""))

    def _say(self, text: str) -> None:
        if self._progress is not None:
            self._progress.console.print(text, highlight=False)
        else:
            print(f"optlab: {text}", flush=True)


def _live() -> "Progress":
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (
        BarColumn(bar_width=30),
        TextColumn("{task.fields[told]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    return Progress(*columns, transient=True)
