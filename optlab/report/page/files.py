"""Files beside the page: tables for spreadsheets (CSV) and papers (LaTeX), and the paragraph on methods."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from optlab.analysis.study import Study
from optlab.report.drawing import store
from optlab.report.page import checklist, latex, methods
from optlab.report.page.section import Section

ENDINGS = ("svg", "png", "pdf", "gif", "csv", "tex")  # of the files in figures/ and tables/


def empty_folder(report: Path) -> None:
    """Make the folders of a report; what an earlier one left there is taken away."""
    for folder in ("figures", "tables"):
        (report / folder).mkdir(parents=True, exist_ok=True)
        store.remove_earlier(report / folder, ENDINGS)


def spreadsheets(study: Study) -> dict[str, pd.DataFrame]:
    """The tables of the analysis by the names of their files."""
    runs, compared = study.runs, study.problem_comparison
    problems = study.summary.groupby("problem", sort=False)
    return {
        "settings": study.settings,
        "sensitivity": study.sensitivity,
        "tuning": study.tuned,
        "comparisons": study.comparisons,
        **({"problems": compared} if len(compared) else {}),
        **({"folders": runs[["run_id", "folder", "problem"]]} if runs["folder"].any() else {}),
        **{f"targets-{axis}": costs for axis, costs in study.expected_costs.items()},
        **{f"results-{number}": part for number, (_, part) in enumerate(problems, start=1)},
    }


def write_tables(study: Study, sections: Sequence[Section], out: Path) -> None:
    """Write ``summary.csv`` into `out`, all other tables of the analysis and of the page below it."""
    folder = out / "report" / "tables"
    study.summary.to_csv(out / "summary.csv", index=False, errors="backslashreplace")
    for name, content in spreadsheets(study).items():
        content.to_csv(folder / f"{name}.csv", index=False, errors="backslashreplace")
    for section in sections:
        for number, table in enumerate(section.tables, start=1):
            path = folder / f"{section.name}-{number}.tex"
            path.write_text(latex.tabular(table), "utf-8", "backslashreplace")


def write_methods(paragraph: str, report: Path) -> None:
    """Write the paragraph on methods as ``methods.tex``, and what it cites as ``references.bib``."""
    (report / "methods.tex").write_text(methods.latex(paragraph) + "\n", encoding="utf-8")
    (report / "references.bib").write_text(methods.bibliography(paragraph), encoding="utf-8")


def write_checklist(study: Study, report: Path) -> None:
    """Write the answers to a conference's questions of reproducibility as ``checklist.tex``."""
    text = checklist.latex(checklist.checklist(study))
    (report / "checklist.tex").write_text(text, encoding="utf-8")
