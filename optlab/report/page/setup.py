"""What was run: where runs came from, what is missing, and what cannot be compared."""

import pandas as pd

from optlab.analysis.study import Study
from optlab.report import words
from optlab.report.page.section import Section
from optlab.report.page.table import Cell, Table


def section(study: Study) -> Section:
    """The section of the page."""
    notes = (*apart(study.runs), *_incomplete(study))
    return Section("setup", "What was run", tables=tuple(tables(study.runs)), notes=notes)


def tables(runs: pd.DataFrame) -> list[Table]:
    """What each folder has contributed; nothing where there is one."""
    if runs["folder"].nunique() < 2:
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
    sentences = []
    base = runs["problem"].str.split(" · ").str[:2].str.join(" · ")
    for name, part in runs.groupby(base, sort=True):
        problems = sorted(part["problem"].unique())
        if len(problems) > 1:
            options = [problem.removeprefix(f"{name} · ") for problem in problems]
            sentences.append(
                f"These are different problems, between which optimizers are not compared: {name} with "
                f"{'; with '.join(options)}."
            )
    return sentences


def _incomplete(study: Study) -> list[str]:
    """Runs, files and columns that the folders lack."""
    results, lines = study.results, []
    if results.skipped_files:
        lines.append(f"Unreadable files were left out: {'; '.join(map(str, results.skipped_files))}.")
    if results.provenance and results.provenance.get("finished", "") is None:
        lines.append("The sweep had not ended when this report was made: runs may be missing.")
    return lines + [
        f"The table of {name} has no column {words.listed(columns)}: what depends on it is left out."
        for name, columns in study.missing.items()
    ]
