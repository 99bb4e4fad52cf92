"""Several result folders in one report: which run came from where, and what cannot be compared."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd

from optlab.report import words
from optlab.report.page.tables import Cell, Table
from optlab.store import provenance, read


def with_folders(runs: pd.DataFrame, folders: Iterable[Any]) -> pd.DataFrame:
    """`runs` with the columns `folder`, `data_sha256` and `data_version` where several folders are joined.

    A run that several folders hold belongs to the first. The checksum is that of the folder's provenance
    record, "" where none is known; `data_version` is its beginning where data of one name differ, else "".
    """
    holders = [Path(folder) for folder in folders]
    if len(holders) < 2:
        return runs
    origin: dict[str, Path] = {}
    for folder in holders:
        for part in read.part_files(folder):
            with suppress(read.Damaged):  # none of its runs are in the table either
                for run_id in read.table(part, ["run_id"])["run_id"].to_pylist():
                    origin.setdefault(run_id, folder)
    data = {folder: (provenance.load(folder) or {}).get("data") or {} for folder in holders}
    home = [origin.get(run_id) for run_id in runs["run_id"]]
    found = runs.assign(
        folder=[str(folder or "") for folder in home],
        data_sha256=[
            str(data[folder].get(name, "")) if folder else ""
            for folder, name in zip(home, runs["dataset"], strict=True)
        ],
    )
    several = found["data_sha256"].replace("", None).groupby(found["dataset"]).transform("nunique") > 1
    return found.assign(data_version=found["data_sha256"].str[:8].where(several, ""))


def table(runs: pd.DataFrame) -> list[Table]:
    """What each folder has contributed; nothing where there is one."""
    if "folder" not in runs or runs["folder"].nunique() < 2:
        return []
    rows = [
        [
            Cell(str(folder)),
            Cell(f"{len(part):,}", len(part)),
            Cell(words.listed(sorted(part["problem"].unique()))),
            Cell(words.listed(sorted(part["optimizer"].astype(str).unique()))),
            Cell(words.plural(part["seed"].nunique(), "seed"), part["seed"].nunique()),
            Cell(words.listed(sorted({text[:12] or "not recorded" for text in part["data_sha256"]}))),
        ]
        for folder, part in runs.groupby("folder", sort=True)
    ]
    head = ["folder", "runs", "problems", "optimizers", "seeds", "data sha256"]
    return [Table("Where runs came from", head, rows, names=0)]


def apart(runs: pd.DataFrame) -> list[str]:
    """One sentence for every group of problems that share data and model and yet are not compared."""
    found = []
    base = runs["problem"].str.split(" · ").str[:2].str.join(" · ")
    for name, part in runs.groupby(base, sort=True):
        problems = sorted(part["problem"].unique())
        if len(problems) > 1:
            options = [problem.removeprefix(f"{name} · ") for problem in problems]
            found.append(
                f"Optimizers are not compared between these, for they are different problems: {name} with "
                f"{'; with '.join(options)}."
            )
    return found
