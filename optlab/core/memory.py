"""Memory that is free on this machine, and the refusal of what would not fit into it."""

import re
from pathlib import Path

from optlab.core.errors import UserError

MEMINFO = Path("/proc/meminfo")
GROUP = Path("/sys/fs/cgroup")
MAX_BYTES = 2**62
"""What no machine has."""


def available() -> float | None:
    """Bytes that processes may still take; None where it cannot be told."""
    try:
        match = re.search(r"^MemAvailable:\s+(\d+) kB", MEMINFO.read_text("utf-8"), re.MULTILINE)
    except OSError:
        return None
    free = [1024.0 * int(match[1])] if match else []
    try:
        limit, used = ((GROUP / f"memory.{name}").read_text("utf-8").strip() for name in ("max", "current"))
        free.append(float(limit) - float(used))  # "max" is no number
    except (OSError, ValueError):
        pass
    return min(free, default=None)


def require(size: int, what: str, remedy: str) -> None:
    """Refuse what takes more than half of the free memory, before it is allocated.

    Args:
        size: bytes that it takes.
        what: what takes them: key and value, or the file.
        remedy: what the user can do.

    Raises:
        UserError: it would not fit.
    """
    free = available()
    limit = MAX_BYTES if free is None else int(free / 2)
    if size > limit:
        raise UserError(
            f"{what}: takes {gigabytes(size)} of memory, but only {gigabytes(limit)} is free; {remedy}"
        )


def gigabytes(size: int) -> str:
    """A number of bytes as people read it."""
    return f"{size / 1e9:,.1f} GB" if size < MAX_BYTES else "billions of GB"
