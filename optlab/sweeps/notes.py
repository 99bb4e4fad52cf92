"""Notes that workers leave for the process that started them: how far a stack is, what went wrong.

A note is a small file, so that it works for threads, processes and clusters alike. The folder of the
notes is there as long as its sweep: a worker that does not find it stops.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from time import monotonic
from typing import NamedTuple

from optlab.core.arrays import Array

PREFIX = ".work-"

SEMAPHORES = Path("/dev/shm")
"""Where Linux keeps them."""

NOTE_SECONDS = 0.5
"""A worker tells how far it is at most so often."""


class Note(NamedTuple):
    """What is known of a stack in work."""

    share: float = 0.0  # of its steps that are done
    diverged: int = 0
    cost: float | None = None  # median training cost of the others
    finished: bool = False  # trained and stored
    error: str | None = None  # in one line
    traceback: str = ""


class Abandoned(Exception):
    """The sweep that a worker works for has ended."""


@contextmanager
def notes_folder(folder: Path) -> Iterator[Path]:
    """A folder for the notes of one sweep into `folder`."""
    work = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=folder))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def tidy(folder: Path) -> None:
    """Remove what sweeps into `folder` that were killed have left. Nobody else may be training into it."""
    for left in folder.glob(f"{PREFIX}*"):
        _remove_semaphores(left.name.removeprefix(PREFIX).partition("-")[0])
        shutil.rmtree(left, ignore_errors=True)


def _remove_semaphores(pid: str) -> None:
    """Those that loky made in a process that was killed: nobody else removes them."""
    if pid.isdecimal() and not Path("/proc", pid).exists():
        for semaphore in SEMAPHORES.glob(f"sem.loky-{pid}-*"):
            with suppress(OSError):
                semaphore.unlink()


class Notebook:
    """Where a worker writes its notes on one stack."""

    def __init__(self, work: Path, stack_id: str, parent: int | None = None) -> None:
        self._path, self._parent, self._last = work / stack_id, parent, monotonic()
        self.write(Note())

    def progress(self, done: int, budget: int, cost: Array) -> None:
        """Note how far the stack is, now and then; see `optlab.training.loop.Progress`."""
        if monotonic() - self._last > NOTE_SECONDS:
            self._last = monotonic()
            self.write(progress_note(done / max(budget, 1), cost))

    def write(self, note: Note) -> None:
        """Leave a note.

        Raises:
            Abandoned: nobody will read it.
        """
        if self._parent is not None and os.getppid() != self._parent:
            raise Abandoned
        temporary = self._path.with_name(f".{self._path.name}")
        try:
            temporary.write_text(json.dumps(note._asdict()), "utf-8")
            os.replace(temporary, self._path)
        except FileNotFoundError:
            raise Abandoned from None
        except OSError:  # a full disk: training goes on, the tables will tell
            with suppress(OSError):
                temporary.unlink()


def progress_note(share: float, cost: Array) -> Note:
    """Progress in a few words: cost (R,) of the runs, NaN where they diverged."""
    alive = [value for value in cost.tolist() if value == value]
    return Note(share, len(cost) - len(alive), median(alive) if alive else None)


def read(work: Path) -> dict[str, Note]:
    """All notes, by stack."""
    notes = {}
    for path in work.glob("[!.]*"):
        with suppress(OSError, ValueError, TypeError):
            notes[path.name] = Note(**json.loads(path.read_text("utf-8")))
    return notes


def clear(work: Path) -> None:
    """Remove the notes: those who wrote them are gone."""
    for path in work.iterdir():
        if path.is_file():
            path.unlink(missing_ok=True)
