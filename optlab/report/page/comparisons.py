"""Comparisons: every pair of optimizers."""

import math
from typing import Any

import pandas as pd

from optlab.analysis.study import Study
from optlab.report import words
from optlab.report.page.section import Section
from optlab.report.page.table import Cell, Table

TEXT = (
    "Every pair of optimizers, each at its chosen setting, on the seeds that both have seen. The "
    "difference is that of the first minus the second; below it stands the 95 % interval of its "
    "median. The test is Wilcoxon’s signed-rank test, or the paired t test where there are too few seeds "
    "for it; p values are adjusted by Holm’s method for all pairs of a problem. Pairs above 5 % are not "
    "distinguishable, and pairs that differ by less than 0.1 % are called the same. The effect size is "
    "the rank-biserial correlation: ±1 if all seeds agree, 0 if they balance."
)


def section(study: Study) -> Section:
    """The section of the page."""
    alone = ("There is only one optimizer.",) if len(study.optimizers) == 1 else ()
    return Section("comparisons", "Comparisons", TEXT, tables=tuple(tables(study.comparisons)), notes=alone)


def tables(pairs: pd.DataFrame) -> list[Table]:
    """One table per problem of `analysis.comparisons.comparisons`."""
    head = ["comparison", "verdict", "median difference", "p (Holm)", "test", "effect size", "common seeds"]
    shown = []
    for problem, part in pairs.groupby("problem", sort=False):
        rows = []
        for row in part.itertuples():
            interval = "" if math.isnan(row.low) else words.ends(row.difference, row.low, row.high)
            effect = "–" if math.isnan(row.effect) else f"{row.effect:+.2f}".replace("-", "−")
            cells = [
                Cell(f"{row.first} – {row.second}", belongs_to=(str(row.first), str(row.second))),
                Cell(_verdict(row)),
                Cell(words.number(row.difference), row.difference, interval),
                Cell(words.number(row.p_holm, 2), row.p_holm),
                Cell(row.test),
                Cell(effect, row.effect),
                Cell(str(row.seeds), row.seeds),
            ]
            rows.append(cells)
        shown.append(Table(str(problem), head, rows, names=0))
    return shown


def _verdict(row: Any) -> str:
    texts = {"better": f"{row.first} is better", "worse": f"{row.second} is better", "same": "the same"}
    return texts.get(row.verdict, row.verdict)
