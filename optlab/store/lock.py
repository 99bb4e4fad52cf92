"""A lock on a result folder: one process at a time trains into it."""

import os
import socket
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from optlab.core.errors import UserError

NAME = ".lock"


@contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder.

    The operating system releases it when the process ends, however it ends: nothing has to be removed
    after a crash. Where the file system knows no locks, the folder is used without one.

    Raises:
        UserError: another process holds it.
    """
    try:
        import fcntl
    except ImportError:  # not a Unix
        yield
        return
    path = folder / NAME
    file = _open(path, lambda fd: fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB))
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink()
        os.close(file)


def _open(path: Path, acquire: Callable[[int], object]) -> int:
    """Open and lock the file; another process may remove it in between."""
    while True:
        file = _open_file(path)
        try:
            acquire(file)
        except BlockingIOError:
            holder = os.read(file, 200).decode(errors="replace").strip()
            os.close(file)
            raise UserError(
                f"result folder {path.parent}: {holder or 'another process'} is training into it; wait for "
                "its end, or choose another folder with hydra.sweep.dir=DIR or hydra.run.dir=DIR"
            ) from None
        except OSError:
            return file  # a file system without locks
        if path.exists() and os.path.samestat(os.fstat(file), os.stat(path)):
            with suppress(OSError):  # a full disk: locked all the same
                os.ftruncate(file, 0)
                os.write(file, f"process {os.getpid()} on {socket.gethostname()}".encode())
            return file
        os.close(file)


def _open_file(path: Path) -> int:
    """Open the file of a lock."""
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK, 0o666)
        if not stat.S_ISREG(os.fstat(file).st_mode):
            os.close(file)
            raise OSError(0, "Not a regular file")
        return file
    except OSError as error:
        raise UserError(
            f"result folder {path.parent}: its lock {path.name} cannot be opened ({error.strerror}); "
            "remove it"
        ) from error
