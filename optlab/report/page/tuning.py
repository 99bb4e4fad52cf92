"""Tuning: what the choice of a setting cost and bought."""

import math
from collections.abc import Mapping

import pandas as pd

from optlab.analysis.study import Study
from optlab.report import words
from optlab.report.page.order import as_results
from optlab.report.page.section import Section
from optlab.report.page.table import Cell, Table, named

TEXT = (
    "<em>Shrinkage</em> is how much worse the chosen setting does on the evaluation seeds, beyond the mean "
    "shift of all settings of the optimizer. "
    "<em>Diverged</em> is the share of all runs of the optimizer. The last column is the width of the "
    "learning rates, in powers of ten, whose cost is within 10 % of the best of the grid."
)


def section(study: Study) -> Section:
    """The section of the page."""
    note = (
        "The setting of every optimizer was chosen on the tuning seeds and is judged on the evaluation "
        "seeds, which are others."
        if study.divided.any()
        else "The seeds were not divided: settings were chosen on the runs that they are judged on."
    )
    return Section(
        "tuning",
        "Tuning",
        TEXT,
        tables=tuple(tables(as_results(study.tuned, study), _least_gaps(study))),
        notes=(note,),
    )


def _least_gaps(study: Study) -> Mapping[str, float]:
    """By problem, what a median gap is not told from 0 below; none where gaps are not the metric."""
    if study.metric != "final_gap":
        return {}
    return study.runs.groupby("problem")["least_gap"].max().to_dict()


def tables(table: pd.DataFrame, least_gaps: Mapping[str, float]) -> list[Table]:
    """One table per problem of `analysis.trials.tuned`; gaps that are not above the least are bounds."""
    head = ["optimizer", "chosen setting", "of settings", "median, tuning seeds", "median, evaluation seeds",
            "shrinkage", "diverged", "good rates, decades"]  # fmt: skip
    shown = []
    for problem, part in table.groupby("problem", sort=False):
        rows = []
        for row in part.itertuples():
            least = least_gaps.get(str(row.problem), -math.inf)
            medians = (row.tuning, row.evaluation)
            numbers = [Cell(words.bounded(value, value <= least), value) for value in medians]
            width = "–" if math.isnan(row.decades) else f"{row.decades:.2g}"
            cells = [
                named(row.optimizer),
                Cell(str(row.setting)),
                Cell(str(row.settings), row.settings),
                *numbers,
                Cell(words.change(row.shrinkage), row.shrinkage),
                Cell(words.share(row.diverged), row.diverged),
                Cell(width, row.decades),
            ]
            rows.append(cells)
        shown.append(Table(str(problem), head, rows, names=0))
    return shown
