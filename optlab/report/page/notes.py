"""Warnings: what the reader of a section should know before believing it."""

from optlab.analysis.comparison.targets import AXES
from optlab.analysis.study import Study
from optlab.report import words
from optlab.report.page import folders, problems
from optlab.report.page.hints import hints


def notes(study: Study) -> dict[str, list[str]]:
    """Lines of warning by section of the page."""
    return {
        "setup": [*folders.apart(study.runs), *_incomplete(study)],
        "problems": problems.notes(study.problem_comparison),
        "comparisons": ["There is only one optimizer."] if len(study.optimizers) == 1 else [],
        "tuning": [
            "The setting of every optimizer was chosen on the tuning seeds and is judged on the evaluation "
            "seeds, which are others."
            if study.divided.any()
            else "The seeds were not divided: settings were chosen on the runs that they are judged on."
        ],
        "targets": [] if study.expected_costs[AXES[0]]["hits"].any() else ["No run reached any target."],
        "learned": hints(study),
    }


def _incomplete(study: Study) -> list[str]:
    """Runs, files and columns that the folders lack."""
    results, lines = study.results, []
    if results.skipped_files:
        lines.append(f"Left out, for it could not be read: {'; '.join(map(str, results.skipped_files))}.")
    if results.provenance and results.provenance.get("finished", "") is None:
        lines.append("The sweep had not ended when this report was made: runs may be missing.")
    return lines + [
        f"The table of {name} has no column {words.listed(columns)}: what depends on it is left out."
        for name, columns in study.missing.items()
    ]
