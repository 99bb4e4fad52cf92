"""The identity of a run: a hash of what decides its numbers."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from optlab.runs.schema import RESULT, Config

PATHS = ("path", "test_path")
"""Options of a data set that say where it lies."""


@dataclass(frozen=True)
class Run:
    """One run of a sweep."""

    run_id: str
    config: Config  # canonical
    overrides: tuple[str, ...] = ()


def run_of(config: Config, sha256: str, overrides: Sequence[str] = ()) -> Run:
    """The run that a canonical configuration describes, on data with that checksum.

    Its id does not depend on where the data lie, nor on what only names or ranks runs.
    """
    decisive = {key: config[key] for key in RESULT}
    decisive["dataset"] = {key: value for key, value in config["dataset"].items() if key not in PATHS}
    return Run(digest([decisive, sha256]), config, tuple(overrides))


def digest(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
