"""What a process on this machine does first that works for another one."""

import ctypes
import math
import os
import signal
import threading
from contextlib import suppress


def init_worker(parent: int) -> None:
    """What a worker process on this machine does first: it ends when the process that started it ends."""
    ignore_interrupts()
    _let_workers_grow()
    set_death_signal = 1
    with suppress(OSError, AttributeError):  # not Linux: it ends when it has been idle for long
        ctypes.CDLL(None).prctl(set_death_signal, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _let_workers_grow() -> None:
    """Do not let loky end workers that have grown by 300 MB, as if memory leaked.

    They have: by the data, which all workers share, and by memory that is kept for the next stack.
    """
    from joblib.externals.loky import process_executor

    process_executor._MAX_MEMORY_LEAK_SIZE = math.inf


def ignore_interrupts() -> None:
    """Let Ctrl-C, which the terminal sends to all processes, be the business of the first of them."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
