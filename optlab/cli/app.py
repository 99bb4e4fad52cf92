"""The command ``optlab``: trains one run or a sweep, and writes the report."""

import sys
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import NoReturn

from optlab import __version__
from optlab.cli.command import settle, tell, tell_skipped_files, wants_traceback
from optlab.core.errors import Incomplete, UserError
from optlab.launch.application import start
from optlab.launch.session import Session

GROUPS = ("optimizer", "schedule", "model", "dataset")
"""Whose choices are functions with a docstring."""


def main() -> NoReturn:
    """Entry point. Exits with 0 done, 2 the user's mistake, 130 interrupted; 1 is a fault of optlab's."""
    settle()
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Do what the command line asks; returns the exit code."""
    if list(arguments) == ["--version"]:
        print(f"optlab {__version__}")
        return 0
    from optlab.cli.display import Display

    display = Display()
    session = Session(["optlab", *arguments], display)
    try:
        if texts := explanations(arguments):
            print("\n\n".join(texts))
            return 0
        with display:
            start(arguments, session)
        finish(session)
    except Incomplete as error:
        return incomplete(error, session)
    except UserError as error:
        if wants_traceback():
            raise
        return tell(error)
    except SystemExit as end:  # Hydra has shown a help text, say
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except KeyboardInterrupt:
        print(f"optlab: interrupted; {interrupted(session)}", file=sys.stderr)
        return 130
    return 0


def explanations(arguments: Sequence[str]) -> list[str]:
    """What ``optlab --help optimizer=adam`` shows: equations and options of every choice that is named.

    Raises:
        UserError: there is no such choice.
    """
    if not {"--help", "-h"} & set(arguments):
        return []
    choices = [word.partition("=")[::2] for word in arguments if "=" in word]
    choices = [(group, name) for group, names in choices if group in GROUPS for name in names.split(",")]
    if not choices:
        return []
    from optlab.core.docstring import explained
    from optlab.runs.schema import REGISTRIES

    return [explained(group, REGISTRIES[group].get(name)) for group, name in choices]


def finish(session: Session) -> None:
    """Write the report of what was trained, and show the leaderboard."""
    if session.folder is None or not session.folder.is_dir():
        return  # Hydra has only shown something
    from optlab.sweeps.notes import notes_folder

    with ExitStack() as stack:
        with suppress(OSError):  # no room for it: the report will tell
            stack.enter_context(notes_folder(session.folder))  # if this is killed, the next command tidies
        _report(session, session.folder)


def _report(session: Session, folder: Path) -> None:
    from optlab.report.drawing import helper

    helper.call()  # it starts up while this process does
    from optlab.analysis.study import study
    from optlab.cli.leaderboard import show
    from optlab.report.page.page import write
    from optlab.store.read import load

    options = session.report_options()
    results = load(folder)
    tell_skipped_files(results)
    try:
        style = options.pop("style")
        judged = study(results, **options)
        page = write(judged, folder, style)
        show(judged)
        print(f"report: {page}")
    except UserError as error:
        raise UserError(f"{error}; all runs are kept: optlab-report {folder}") from error
    except OSError as error:
        raise UserError(
            f"{error.filename or folder}: the report cannot be written ({error.strerror}); all "
            f"runs are kept: make room and build it with optlab-report {folder}"
        ) from error


def salvage(session: Session) -> None:
    """Write the report of a part of the sweep, if one can be made of it."""
    try:
        finish(session)
    except UserError as error:  # it lacks the seeds that the report asks for, say
        tell(error)


def interrupted(session: Session) -> str:
    """Write the report of what was finished; says what was kept and how to go on."""
    if not holds_runs(session):
        return "nothing was finished"
    with suppress(KeyboardInterrupt):  # again: who cannot wait goes without the report
        salvage(session)
    key = "hydra.sweep.dir" if session.multirun else "hydra.run.dir"
    return f"what was finished is kept; the same command with {key}={session.folder} goes on"


def incomplete(error: Incomplete, session: Session) -> int:
    """Report what could be trained and name what could not; returns the exit code."""
    if holds_runs(session):
        salvage(session)
    if wants_traceback():
        print("\n".join(dict.fromkeys(error.tracebacks)), file=sys.stderr)
    print(f"optlab: error: {error}; all other runs are kept", file=sys.stderr)
    return 1


def holds_runs(session: Session) -> bool:
    """Whether a run has been finished."""
    return session.folder is not None and any(session.folder.rglob("runs/[!.]*.parquet"))
