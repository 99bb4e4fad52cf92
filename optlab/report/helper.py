"""A second process that draws some of a report's figures while this one computes the tables."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import joblib

LEAST = 4  # figures that are worth a second process


def call() -> Any:
    """The second process, which begins to import what figures need; None where there is one core only."""
    if joblib.cpu_count() < 2:
        return None
    from joblib.executor import get_memmapping_executor  # the one that joblib trains with later, perhaps

    helper = get_memmapping_executor(1, timeout=60)
    helper.submit(import_module, "optlab.report.figures")
    return helper


def begun(helper: Any, work: Callable[..., None], *args: Any) -> Callable[[], None]:
    """Let the helper do `work`; what is returned waits for it, and does it here if the helper has died."""
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    future = helper.submit(work, *args)

    def finish() -> None:
        try:
            future.result()
        except TerminatedWorkerError:
            work(*args)

    return finish
