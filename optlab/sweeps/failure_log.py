"""`failures.log` in a result folder: tracebacks of what the last command could not train."""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from optlab.core.failure import Failure

NAME = "failures.log"


class FailureLog:
    """The log of one command into one folder; those of earlier commands go."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self.tracebacks: list[str] = []
        with suppress(OSError):
            self.path.unlink()

    def add(self, what: str, failure: Failure) -> None:
        """Note that `what` failed, where there is more to tell than a line; a full disk loses it."""
        if not failure.traceback:
            return
        self.tracebacks.append(failure.traceback)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                file.write(f"{now} {what}: {failure.line}\n{failure.traceback}\n")
