"""Cost to target: what every optimizer spends until it gets there."""

import math

import pandas as pd

from optlab.analysis.comparison.targets import AXES
from optlab.analysis.study import Study
from optlab.report import words
from optlab.report.page.section import Section
from optlab.report.page.table import Cell, Table, named

TEXT = (
    "The expected number of gradient evaluations until a run reaches a target (ERT): what all runs have "
    "spent, divided by the number of runs that reached it, which stands below. Targets are shares of the "
    "initial distance to the least training cost where it is known, otherwise fixed costs. The AlgoPerf "
    "score is the area under the performance profile up to four times the fastest; 1 is the fastest "
    "everywhere. The same by steps and epochs: <code>tables/targets-*.csv</code>."
)


def section(study: Study) -> Section:
    """The section of the page."""
    costs = study.expected_costs[AXES[0]]
    note = () if costs["hits"].any() else ("No run reached any target.",)
    return Section("targets", "Cost to target", TEXT, tables=tuple(tables(costs, study.scores)), notes=note)


def tables(costs: pd.DataFrame, scores: pd.DataFrame) -> list[Table]:
    """Expected cost of every target, one table per problem of `analysis.targets.ert`; then the scores.

    Args:
        costs: expected costs.
        scores: ``score low high``, the AlgoPerf score by optimizer.
    """
    shown = []
    for problem, part in costs.groupby("problem", sort=False):
        names = list(dict.fromkeys(part["target"]))
        rows = []
        for optimizer, own in part.groupby("optimizer", sort=False):
            row = own.set_index("target").reindex(names)
            cells = [
                Cell(
                    words.number(cost, 3) if math.isinf(cost) else words.count(cost),
                    cost,
                    f"{hits:.0f} of {n:.0f}",
                )
                for cost, hits, n in zip(row["ert"], row["hits"], row["runs"], strict=True)
            ]
            rows.append([named(optimizer), *cells])
        shown.append(Table(str(problem), ["optimizer", *names], rows, names=0))
    if len(scores):
        ranked = scores.sort_values("score", ascending=False, kind="stable")
        rows = [
            [named(name), Cell(words.number(value), value, words.ends(value, *ends))]
            for name, value, *ends in ranked.itertuples()
        ]
        shown.append(Table("All problems", ["optimizer", "AlgoPerf score"], rows, names=0))
    return shown
