"""Tuning: what the choice of a setting cost and bought."""

import math
from collections.abc import Mapping

import pandas as pd

from optlab.analysis.choice import rules
from optlab.analysis.study import Study
from optlab.report import words
from optlab.report.drawing import outcome
from optlab.report.page.order import as_results
from optlab.report.page.section import Section
from optlab.report.page.table import Cell, Table, named

TEXT = (
    "Medians at the chosen setting. <em>Shrinkage</em> is how much worse it does on the evaluation seeds, "
    "beyond the mean shift of all settings of the optimizer. <em>Diverged</em> is the share of all runs of "
    "the optimizer. The last column is the width of the learning rates, in powers of ten, whose median is "
    "within 10 % of the best of the grid."
)


def section(study: Study) -> Section:
    """The section of the page."""
    note = (
        "The setting of every optimizer was chosen on the tuning seeds and is judged on the evaluation "
        "seeds, which are others."
        if study.divided.any()
        else "The seeds were not divided: settings were chosen on the runs that they are judged on."
    )
    known = as_results(outcome.table(study, "tuned"), study)
    labels = {problem: outcome.label(study, problem) for problem in study.problems}
    shown = [*tables(known, labels, _least_gaps(study)), *without_tuning(rules.means(study.by_rule))]
    return Section("tuning", "Tuning", TEXT, tables=tuple(shown), notes=(note,))


def without_tuning(means: pd.DataFrame) -> list[Table]:
    """The table of `rules.means`; none where nobody has a setting but the tuned one.

    The place of a method is among the others at their tuned settings; the factor says how many times as high
    its median is as its own, tuned.
    """
    places, factors = (means[name].unstack().reindex(columns=rules.RULES) for name in means)
    if len(places) < 2 or places[[rules.DEFAULT, rules.SHARED]].isna().all(axis=None):
        return []
    head = ["optimizer", "at its defaults, place", "times its tuned median", "at one setting, place",
            "times its tuned median", "tuned on each problem, place"]  # fmt: skip
    rows = []
    for name, own in places.sort_values(rules.TUNED, kind="stable").iterrows():
        cells = [named(name)]
        for rule in (rules.DEFAULT, rules.SHARED):
            factor = factors.at[name, rule]
            cells += [Cell(words.number(own[rule], 2), own[rule]), Cell(words.number(factor, 3), factor)]
        rows.append([*cells, Cell(words.number(own[rules.TUNED], 2), own[rules.TUNED])])
    return [Table("Without tuning, and with: mean place among the others, tuned", head, rows, names=0)]


def _least_gaps(study: Study) -> Mapping[str, float]:
    """By problem, what a median gap is not told from 0 below; none where gaps are not shown."""
    least = study.runs.groupby("problem")["least_gap"].max()
    return {name: value for name, value in least.items() if outcome.column(study, name) == "final_gap"}


def tables(table: pd.DataFrame, labels: Mapping[str, str], least_gaps: Mapping[str, float]) -> list[Table]:
    """One table per problem of `analysis.trials.tuned`.

    Args:
        table: in the order of the rows.
        labels: what the medians are of, by problem.
        least_gaps: by problem, the gap at the rounding of J: medians that are not above it are bounds,
            between which there is no shrinkage.
    """
    shown = []
    for problem, part in table.groupby("problem", sort=False):
        label, least = labels[str(problem)], least_gaps.get(str(problem), -math.inf)
        head = ["optimizer", "chosen setting", "of settings", f"{label}, tuning seeds",
                f"{label}, evaluation seeds", "shrinkage", "diverged", "good rates, decades"]  # fmt: skip
        rows = []
        for row in part.itertuples():
            medians = (row.tuning, row.evaluation)
            shrinkage = math.nan if min(medians) <= least else row.shrinkage
            width = "–" if math.isnan(row.decades) else f"{row.decades:.2g}"
            cells = [
                named(row.optimizer),
                Cell(str(row.setting)),
                Cell(str(row.settings), row.settings),
                *(Cell(words.bounded(value, value <= least), value) for value in medians),
                Cell(words.change(shrinkage), shrinkage),
                Cell(words.share(row.diverged), row.diverged),
                Cell(width, row.decades),
            ]
            rows.append(cells)
        shown.append(Table(str(problem), head, rows, names=0))
    return shown
