"""Memory that is free on this machine."""

import re
from pathlib import Path

MEMINFO = Path("/proc/meminfo")
GROUP = Path("/sys/fs/cgroup")


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
