"""Paths as people write them."""

import os
from pathlib import Path


def expanded(path: str | os.PathLike[str]) -> Path:
    """A path with its ``~`` and its ``$VARIABLES`` replaced; those that stand for nothing stay."""
    return Path(os.path.expanduser(os.path.expandvars(path)))
