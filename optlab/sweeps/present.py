"""Which runs of a sweep a result folder holds already."""

import json
from collections.abc import Iterable
from pathlib import Path

from optlab.core.errors import UserError
from optlab.runs import build
from optlab.runs.identity import Run, legacy_id, run_of
from optlab.runs.schema import Schema
from optlab.store import read


def present(folder: Path, runs: Iterable[Run]) -> dict[str, str]:
    """Ids of the runs that a folder holds, each with the id that it has there: that of format 1, maybe.

    Raises:
        Damaged: a part file is.
    """
    wanted = {run.run_id: build.facts(run.config).sha256 for run in runs}
    in_folder = read.run_ids(folder)
    held = {run_id: run_id for run_id in wanted if run_id in in_folder}
    if len(held) < min(len(wanted), len(in_folder)):
        held |= _by_legacy_id(folder, wanted.keys() - held.keys(), set(wanted.values()))
    return held


def _by_legacy_id(folder: Path, wanted: set[str], checksums: set[str]) -> dict[str, str]:
    """Those that a folder holds under the ids of format 1, read from the configurations it records."""
    schema, held = Schema(), dict[str, str]()
    for part in read.part_files(folder):
        for row in read.table(part, ["run_id", "config"]).to_pylist():
            try:
                recorded = dict(json.loads(row["config"]))
                config = schema.canonical(recorded)
            except (UserError, ValueError, TypeError):
                continue  # it is none of the sweep's
            for sha256 in checksums:
                run_id = run_of(config, sha256).run_id
                if run_id in wanted and row["run_id"] == legacy_id({**config, **recorded}, sha256):
                    held[run_id] = row["run_id"]
    return held
