"""What a backend is: it has tasks done by workers, wherever these are.

What a task brings about stands in files, so that all that is asked of a backend is to call a function
somewhere.
"""

import signal
import socket
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar, Literal

from optlab.core.errors import UserError
from optlab.sweeps.task import Task

Pool = Callable[[Iterable[Task]], None]
"""Has tasks done, and returns when they are; raises `WorkersDied`."""

CONNECT_SECONDS = 5

SECURE = ("tls://", "ws://", "wss://")
"""Protocols whose schedulers do not answer an unencrypted knock."""


class WorkersDied(Exception):
    """Workers were lost, and what they were doing with them."""


class Backend(ABC):
    """Workers of one kind. A subclass is known to `hydra.launcher.backend` by its `name`."""

    name: ClassVar[str]

    workers: ClassVar[Literal["threads", "children", "elsewhere"]]
    """What its workers are: threads or children of this process, or processes that may be anywhere."""

    package: ClassVar[str | None] = None
    """The package that it needs beyond optlab's own requirements, and ..."""

    extra: ClassVar[str | None] = None
    """... the extra of optlab's that brings it."""

    knock: ClassVar[bytes | None] = None
    """What to say at the door of its scheduler; None: it has no scheduler."""

    def __init__(self, address: str | None = None, parameters: dict[str, Any] | None = None) -> None:
        self.address = address  # of a running scheduler; None: the backend starts what it needs
        self.parameters = parameters or {}

    @property
    def is_local(self) -> bool:
        """Whether its workers are surely on this machine."""
        return self.workers != "elsewhere"

    @abstractmethod
    def start(self, n: int, folder: Path) -> AbstractContextManager[Pool]:
        """Start `n` workers, and stop them at the end; `folder` takes files of theirs.

        Raises:
            UserError: a scheduler that cannot be spoken to.
            ModuleNotFoundError: `package` is missing.
        """

    def is_scheduler(self, answer: bytes) -> bool:
        """Whether the first nine bytes of the answer to `knock` are those of its scheduler."""
        return False

    @contextmanager
    def pool(self, n: int, folder: Path) -> Iterator[Pool]:
        """Workers as `start` makes them.

        Raises:
            UserError: a package that is not installed, or a scheduler that cannot be spoken to.
        """
        try:
            with self.start(n, folder) as run:
                yield run
        except ModuleNotFoundError as error:
            if self.package is None or (error.name or "").partition(".")[0] != self.package:
                raise
            raise self.not_installed() from error

    def check_package(self) -> None:
        """Look for the package that it needs.

        Raises:
            UserError: it is not installed.
        """
        if self.package is not None and find_spec(self.package) is None:
            raise self.not_installed()

    def not_installed(self) -> UserError:
        """The error for a package that is missing."""
        return UserError(
            f"hydra.launcher.backend={self.name}: the package {self.package} is not installed; "
            f"pip install 'optlab-sweeps[{self.extra}]'"
        )

    def check_address(self) -> None:
        """Knock at the door of the scheduler: its own client would wait for long, and say more than a line.

        Raises:
            UserError: nobody answers, or somebody else, or the backend has no scheduler.
        """
        if self.address is None:
            return
        if self.knock is None:
            others = sorted(backend.name for backend in Backend.__subclasses__() if backend.knock is not None)
            raise UserError(
                f"hydra.launcher.address={self.address}: backend {self.name} has no scheduler; "
                f"set hydra.launcher.backend={' or '.join(others)}, or leave the address out"
            )
        host, _, port = self.address.rpartition("://")[2].rpartition(":")
        try:
            with socket.create_connection((host.strip("[]"), int(port)), CONNECT_SECONDS) as door:
                if self.address.startswith(SECURE):
                    return
                door.sendall(self.knock)
                if not self.is_scheduler(door.recv(9, socket.MSG_WAITALL)):
                    raise ValueError("something else listens there")
        except (OSError, ValueError, OverflowError) as error:
            raise self.no_scheduler(error) from error

    def no_scheduler(self, error: Exception) -> UserError:
        """The error for an address where no scheduler is."""
        reason = str(error).partition("\n")[0]
        return UserError(
            f"hydra.launcher.address={self.address}: no scheduler answers there ({reason}); start one, or "
            "leave the address out to train on this machine"
        )


@contextmanager
def interrupts_ignored() -> Iterator[None]:
    """Processes that are started here ignore Ctrl-C, which the terminal sends to all of a command's."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
