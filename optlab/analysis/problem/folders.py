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
    record, "" where none is known; `data_version` is its beginning where data of one name differ, else "".
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
    data = {folder: (provenance.load(folder) or {}).get("data") or {} for folder in holders}
    home = [origin.get(run_id) for run_id in runs["run_id"]]
    joined = runs.assign(
        folder=[str(folder or "") for folder in home],
        data_sha256=[
            str(data[folder].get(name, "")) if folder else ""
            for folder, name in zip(home, runs["dataset"], strict=True)
        ],
    )
    several = joined["data_sha256"].replace("", None).groupby(joined["dataset"]).transform("nunique") > 1
    return joined.assign(data_version=joined["data_sha256"].str[:8].where(several, ""))
