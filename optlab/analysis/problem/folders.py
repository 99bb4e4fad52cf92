"""Several result folders together: which run came from where, and on which data."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd

from optlab.store import provenance, read


def with_folders(runs: pd.DataFrame, folders: Iterable[Any]) -> pd.DataFrame:
    """`runs` with the columns `folder`, `data_sha256` and `data_version`; "" where there is one folder.

    A run that several folders hold belongs to the first. The checksum is that of the folder's provenance
    record, "" where none is known. Where data of one name differ, or the random streams that divide them,
    `data_version` is the beginning of the checksum, marked if the streams are an earlier optlab's; else "".
    """
    holders = [Path(folder) for folder in folders]
    if len(holders) < 2:
        return runs.assign(folder="", data_sha256="", data_version="")
    origin: dict[str, Path] = {}
    for folder in holders:
        for part in read.part_files(folder):
            with suppress(read.Damaged):  # none of its runs are in the table either
                for run_id in read.table(part, ["run_id"])["run_id"].to_pylist():
                    origin.setdefault(run_id, folder)
    records = {folder: provenance.load(folder) for folder in holders}
    data = {folder: (record or {}).get("data") or {} for folder, record in records.items()}
    marks = {
        folder: ", earlier random streams" * provenance.has_other_streams(record)
        for folder, record in records.items()
    }
    home = [origin.get(run_id) for run_id in runs["run_id"]]
    joined = runs.assign(
        folder=[str(folder or "") for folder in home],
        data_sha256=[
            str(data[folder].get(name, "")) if folder else ""
            for folder, name in zip(home, runs["dataset"], strict=True)
        ],
    )
    known = joined["data_sha256"] != ""
    marked = pd.Series([marks[folder] if folder else "" for folder in home], joined.index, dtype=object)
    version = joined["data_sha256"].str[:8] + marked
    several = version.where(known).groupby(joined["dataset"]).transform("nunique") > 1
    return joined.assign(data_version=version.where(known & several, ""))
