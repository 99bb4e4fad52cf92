"""What a record of provenance is: what else a file of that name holds is left out, or no record at all."""

import json
import stat
from pathlib import Path
from typing import Any

from optlab.store.check import is_plain

Record = dict[str, Any]

MAX_BYTES = 2**26
"""A record takes a few KiB for each command into its folder."""

KINDS: dict[str, tuple[type, ...]] = {
    "command": (str,),
    "started": (str,),
    "finished": (str, type(None)),
    "seconds": (int, float, type(None)),
    "versions": (dict,),
    "machine": (dict,),
    "git": (dict, type(None)),
    "data": (dict,),
    "earlier": (list,),
}
"""By key, what may stand there."""


def read(path: Path) -> Record | None:
    """The record in a file; None if there is none that can be read."""
    try:
        known = path.stat()
        if not stat.S_ISREG(known.st_mode) or known.st_size > MAX_BYTES:  # a pipe, a device, a flood
            return None
        return conforming(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, RecursionError):
        return None


def conforming(value: Any) -> Record | None:
    """A JSON value as a record, without what is of another kind than it must be; None if it is no mapping."""
    if not isinstance(value, dict) or not is_plain(value):
        return None
    record: Record = {
        key: part for key, part in value.items() if key not in KINDS or isinstance(part, KINDS[key])
    }
    if "earlier" in record:
        record["earlier"] = [one for one in map(conforming, record["earlier"]) if one is not None]
    if "data" in record:
        record["data"] = {name: text for name, text in record["data"].items() if isinstance(text, str)}
    return record
