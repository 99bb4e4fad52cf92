"""Minima in the user's cache: a folder for every cost, a file for each checksum of its data.

A minimum counts for a run if its cost and the checksum of its data give the run its id: then the data are not
even read.
"""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from optlab.core import streams
from optlab.datasets.download import cache_folder
from optlab.runs.identity import Run, is_run_on
from optlab.training.optimum.minimum import Optimum

VERSION = 5  # of the method: raised, it makes earlier certificates worthless


def load(run: Run) -> Optimum | None:
    """The minimum on the data that give a run its id; None: there is none."""
    for path in sorted(_folder(run.config).glob("*.json")):
        if is_run_on(run, path.stem):
            try:
                entry = json.loads(path.read_text("utf-8"))
                numbers = {name: float(entry[name]) for name in Optimum._fields if name != "reason"}
                return Optimum(**numbers, reason=str(entry["reason"]))
            except (OSError, ValueError, KeyError, TypeError):
                return None  # it is damaged
    return None


def store(optimum: Optimum, run: Run, sha256: str) -> None:
    """Keep a minimum for the next time; a cache that cannot be written costs time, not the report."""
    path = _folder(run.config) / f"{sha256}.json"
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps(optimum._asdict()), "utf-8")
        os.replace(temporary, path)
    except OSError:
        return


def _folder(config: dict[str, Any]) -> Path:
    """The folder of the cost of a canonical configuration."""
    content = [VERSION, streams.VERSION, {**config["dataset"], "path": None}, config["model"]]
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:24]
    return cache_folder() / "optima" / digest
