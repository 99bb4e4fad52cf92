"""Comparisons: every pair of optimizers."""

import math
from typing import Any

import pandas as pd

from optlab.analysis.comparison.comparisons import BETTER, MARGIN
from optlab.analysis.study import Study
from optlab.report import words
from optlab.report.page.order import as_results
from optlab.report.page.section import Section
from optlab.report.page.table import Cell, Table

TEXT = (
    "Every pair of optimizers, each at its chosen setting, on their common seeds; the one ahead in rank "
    "comes first. The ratio of their geometric means (of accuracies, the difference of their means) says how "
    "far the second is behind; below it stands its interval, at the level at which the pair was tested. "
    "Values of p are adjusted for all pairs of the problem; 5 % or less means that the first is better. "
    "<em>Equivalent</em> "
    f"are methods whose interval lies within a ratio of {MARGIN:g}. Everything else is not shown to differ. "
    "How this is tested: <code>docs/method.md</code>."
)


MAX_ROWS = 10  # of a table that the page shows at once: the figure says the same at a glance


def section(study: Study) -> Section:
    """The section of the page."""
    notes = (
        ("There is only one optimizer.",)
        if len(study.optimizers) == 1
        else powers(as_results(study.powers, study, "first"))
    )
    shown = tuple(tables(as_results(study.comparisons, study, "first")))
    return Section("comparisons", "Comparisons", TEXT, tables=shown, notes=notes, figures_first=True)


def powers(table: pd.DataFrame) -> tuple[str, ...]:
    """What the seeds of every problem could have shown, and how many would show the second to be behind."""
    notes = []
    for row in table.itertuples():
        least, found = (_amount(value, row.scale) for value in (row.detectable, row.contrast))
        text = f"On {row.problem}: {row.seeds} seeds show {least} with a probability of 80 %."
        if not math.isnan(row.seeds_needed):  # else nothing is random in it
            needed = "more than 1,000" if math.isinf(row.seeds_needed) else words.count(row.seeds_needed)
            text += f" To show {found} between {row.first} and {row.second} takes {needed}."
        notes.append(text)
    return tuple(notes)


def _amount(value: float, scale: str) -> str:
    return f"a {scale} of {words.number(value, 3)}"


def tables(pairs: pd.DataFrame) -> list[Table]:
    """One table per problem of `analysis.comparisons.comparisons`."""
    head = ["comparison", "verdict", "second to first", "p (adjusted)", "test", "common seeds"]
    shown = []
    for problem, part in pairs.groupby("problem", sort=False):
        rows = []
        for row in part.itertuples():
            range_ = "" if math.isnan(row.low) else words.ends(row.contrast, row.low, row.high)
            cells = [
                Cell(f"{row.first} – {row.second}", belongs_to=(str(row.first), str(row.second))),
                Cell(f"{row.first} is better" if row.verdict == BETTER else row.verdict),
                Cell(_contrast(row), row.contrast, range_),
                Cell(words.number(row.p, 2), row.p),
                Cell(_test(row)),
                Cell(str(row.seeds), row.seeds),
            ]
            rows.append(cells)
        shown.append(Table(str(problem), head, rows, names=0, folded=len(rows) > MAX_ROWS))
    return shown


def _contrast(row: Any) -> str:
    """``3.2 times``, or a difference."""
    return f"{words.number(row.contrast)} times" if row.scale == "ratio" else words.number(row.contrast)


def _test(row: Any) -> str:
    """The name of the test; of an exact one, with the least p that it could have given."""
    least = "" if math.isnan(row.least_p) else f" (p ≥ {words.number(row.least_p, 2)})"
    return f"{row.test}{least}" or "–"
