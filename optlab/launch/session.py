"""What the two sides of Hydra know of each other: who starts it, and what it is asked to do."""

import re
from collections.abc import Sequence
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hydra.experimental.callback import Callback
from omegaconf import DictConfig, OmegaConf, read_write
from omegaconf.errors import OmegaConfBaseException

from optlab.core.errors import UserError
from optlab.core.paths import expanded
from optlab.sweeps.listener import ProgressListener, Silent


@dataclass
class Session:
    """One start of Hydra."""

    command: Sequence[str] = ()  # the command line, for the record
    listener: ProgressListener = field(default_factory=Silent)
    folder: Path | None = None  # the result folder; known once Hydra has composed
    missing_folders: list[Path] = field(default_factory=list)  # it and those above it, if they were not there
    report: DictConfig | None = None  # the section of the configuration, unchecked
    multirun: bool = False

    def report_options(self) -> dict[str, Any]:
        """What the report is to be made with.

        Raises:
            UserError: see `optlab.runs.schema.report_options`.
        """
        from optlab.runs.schema import report_options

        options = report_options(OmegaConf.to_container(self.report, resolve=True) if self.report else {})
        if isinstance(options["optimum"], float):
            options["optimum"] = {"": options["optimum"]}  # of the only problem
        return options


CURRENT: ContextVar[Session] = ContextVar("CURRENT")


def current() -> Session:
    """The session of this process; an empty one in a worker."""
    return CURRENT.get(Session())


class SessionCallback(Callback):
    """The Hydra callback that notes in the session which folder a command writes to."""

    def on_run_start(self, config: DictConfig, **kwargs: Any) -> None:
        """Called by Hydra before a single run."""
        with suppress(OmegaConfBaseException):  # Hydra tells it itself
            _note(config, "run")

    def on_multirun_start(self, config: DictConfig, **kwargs: Any) -> None:
        """Called by Hydra before a sweep."""
        with suppress(OmegaConfBaseException):
            _note(config, "sweep")


def _note(config: DictConfig, mode: str) -> None:
    session = current()
    session.multirun = mode == "sweep"
    folder = _expand(config.hydra, mode)
    if folder.strip():  # else it is refused before anything is written
        session.folder = Path(folder)
        with suppress(OSError, ValueError):  # a name that cannot be one
            session.missing_folders = [
                path for path in (session.folder, *session.folder.parents) if not path.exists()
            ]
    session.report = OmegaConf.select(config, "report")


def _expand(hydra: DictConfig, mode: str) -> str:
    """Replace ``~`` and variables in the result folder, also for jobs that Hydra composes anew."""
    named = str(hydra[mode].dir)
    folder = str(expanded(named)) if named.strip() else named
    if folder != named:
        with read_write(hydra):
            hydra[mode].dir = folder
            hydra.overrides.hydra.append(f"hydra.{mode}.dir={quoted(folder)}")
    return folder


def quoted(value: object) -> str:
    """A text as Hydra reads it in an override, whatever it holds."""
    text = re.sub(r"(\\*)'", r"\1\1\\'", str(value))
    ending = text[len(text.rstrip("\\")) :]
    return f"'{text}{ending}'"


def check_named(key: str, folder: Any) -> None:
    """Refuse a result folder without a name, or in a home folder that there is not.

    Raises:
        UserError: it has none.
    """
    if str(folder).startswith("~"):
        raise UserError(f"{key}={folder}: there is no such home folder; name the folder in full")
    if not str(folder).strip():
        raise UserError(f"{key}={folder}: names no folder; set {key}=DIR, or leave it out")
