"""What the two sides of Hydra know of each other: who starts it, and what it was told to do."""

from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hydra.experimental.callback import Callback
from omegaconf import DictConfig, OmegaConf

from optlab.sweeps.watch import Silent, Watch


@dataclass
class Session:
    """One start of Hydra."""

    command: Sequence[str] = ()  # the command line, for the record
    watch: Watch = field(default_factory=Silent)
    folder: Path | None = None  # the result folder; known once Hydra has composed
    metric: str = "final_train_cost"
    report: Any = None  # the section `report` of the configuration, unchecked
    multirun: bool = False
    traceback: bool = False  # whether the user wants to see where a mistake was noticed


CURRENT: ContextVar[Session] = ContextVar("CURRENT")


def current() -> Session:
    """The session of this process; an empty one in a worker."""
    return CURRENT.get(Session())


class Announce(Callback):
    """The Hydra callback that notes in the session which folder a command writes to."""

    def on_run_start(self, config: DictConfig, **kwargs: Any) -> None:
        """Called by Hydra before a single run."""
        _note(config, str(config.hydra.run.dir), multirun=False)

    def on_multirun_start(self, config: DictConfig, **kwargs: Any) -> None:
        """Called by Hydra before a sweep."""
        _note(config, str(config.hydra.sweep.dir), multirun=True)


def _note(config: DictConfig, folder: str, multirun: bool) -> None:
    session = current()
    session.folder, session.multirun = Path(folder), multirun
    metric = OmegaConf.select(config, "objective_metric")
    session.metric = str(metric) if metric else session.metric
    session.report = OmegaConf.select(config, "report")
