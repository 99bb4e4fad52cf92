"""`failures.log` in a result folder: tracebacks of what the last command could not train.

Beside them stand the runs, one a line with its configuration: `optlab-verify DIR --run ID` finds them there.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from optlab.core.errors import UserError
from optlab.core.failure import Failure
from optlab.runs.identity import Run

NAME = "failures.log"
RUN = "run "
"""A line on a run begins so: its id and its configuration follow."""


class FailureLog:
    """The log of one command into one folder; those of earlier commands go."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self.tracebacks: list[str] = []
        with suppress(OSError):
            self.path.unlink()

    def add(self, runs: Sequence[Run], failure: Failure) -> None:
        """Note that runs, or what comes before all of them, failed; a full disk loses it."""
        if failure.traceback:
            self.tracebacks.append(failure.traceback)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        lines = [f"{now} {', '.join(run.label for run in runs) or 'before training'}: {failure.line}"]
        lines += [f"{RUN}{run.run_id} {json.dumps(run.config)}" for run in runs]
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                file.write("\n".join([*lines, failure.traceback, ""]))


def failed_runs(log: Path) -> dict[str, str]:
    """Configuration, a JSON text, of every run in a log, by its id.

    Raises:
        UserError: the log cannot be read.
    """
    try:
        if not log.is_file():
            raise ValueError("it is no regular file")
        lines = log.read_text("utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise UserError(f"{log}: cannot be read ({error}); remove it") from error
    words = [line.split(" ", 2)[1:] for line in lines if line.startswith(RUN)]
    return {run_id: config for run_id, config in (pair for pair in words if len(pair) == 2)}
