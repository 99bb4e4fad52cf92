"""Cost to target: what every optimizer spends until it gets there."""

import html
import math

import pandas as pd

from optlab.analysis.study import Study
from optlab.analysis.theory.costs import is_charged
from optlab.report import words
from optlab.report.page.order import as_results
from optlab.report.page.section import Section
from optlab.report.page.table import Cell, Table, named

TEXT = (
    "The expected number of {axis} until a run reaches a target (ERT): what all runs have spent, divided by "
    "the number of runs that reached it, which stands below. {unit} Targets are shares of the initial "
    "distance to the least training cost where it is known, otherwise fixed costs within reach; between "
    "records the logarithm of gap or cost is taken to fall evenly. {score} The same by {others}: "
    "<code>tables/targets-*.csv</code>."
)

UNITS = {
    "gradient_equivalents": "A gradient-equivalent is the work of one gradient on all training data; values, "
    "Hessians and products with them count by their work.",
    "gradient_evals": "Gradients alone count, in passes over all training data: the work of values and "
    "Hessians is not known, since the data or the model are not at hand.",
}

OLDER = (
    "Work was not recorded with all of these runs. So every evaluation counts in full, by the operations of "
    "dense formulas, also where a value and a gradient shared a pass or a Hessian was cached."
)

SCORE = (
    "The AlgoPerf score is the area under the performance profile up to four times the fastest; 1 is the "
    "fastest everywhere."
)


def section(study: Study) -> Section:
    """The section of the page."""
    axis = study.cost_axis
    costs = as_results(study.expected_costs[axis], study)
    notes = [
        f"On {problem} the runs were recorded too differently to compare when they reached targets: record "
        "them alike (training.record_every)."
        for problem in study.not_comparable
    ]
    if not costs["hits"].any():
        notes.append("No run reached any target.")
    if axis == "gradient_equivalents" and not is_charged(study.points):
        notes.append(OLDER)
    others = words.listed(words.short_axis(other) for other in study.cost_axes if other != axis)
    text = TEXT.format(
        axis=words.short_axis(axis),
        unit=UNITS.get(axis, ""),
        score=f"{SCORE} {_counted(study)}",
        others=others,
    )
    shown = tables(costs, study.scores, axis)
    return Section(
        "targets",
        f"Cost to target, in {words.short_axis(axis)}",
        text,
        tables=tuple(shown),
        notes=tuple(notes),
    )


def _counted(study: Study) -> str:
    """Which problems the score and the profiles count."""
    if study.chosen["optimizer"].nunique() < 2:
        return "With one optimizer there is none."
    scored = study.scored_problems
    without = [html.escape(problem) for problem in sorted(study.problems) if problem not in scored]
    if not scored:
        return "There is none: no problem with targets was run with all optimizers."
    count = f"It counts {words.plural(len(scored), 'problem')}"
    if not without:
        return f"{count}, run with all optimizers."
    others = words.listed(without)
    return f"{count}, not those without a target or a run of every optimizer: {others}."


def tables(costs: pd.DataFrame, scores: pd.DataFrame, axis: str) -> list[Table]:
    """Expected cost of every target, one table per problem of `analysis.targets.ert`; then the scores.

    Args:
        costs: expected costs.
        scores: ``score low high``, the AlgoPerf score by optimizer.
        axis: what costs are counted in.
    """
    shown, unit = [], words.short_axis(axis)
    for problem, part in costs.groupby("problem", sort=False):
        names = list(dict.fromkeys(part["target"]))
        rows = []
        for optimizer, own in part.groupby("optimizer", sort=False):
            row = own.set_index("target").reindex(names)
            cells = [
                Cell(
                    words.number(cost, 3) if math.isinf(cost) else words.count(cost),
                    cost,
                    f"({hits:.0f} of {n:.0f})",
                )
                for cost, hits, n in zip(row["ert"], row["hits"], row["runs"], strict=True)
            ]
            rows.append([named(optimizer), *cells])
        head = ["optimizer", *map(words.in_powers, names)]
        shown.append(Table(f"{problem}, in {unit}", head, rows, names=0))
    if len(scores):
        ranked = scores.sort_values("score", ascending=False, kind="stable")
        rows = [
            [named(name), Cell(words.number(value), value, words.ends(value, *ends))]
            for name, value, *ends in ranked.itertuples()
        ]
        shown.append(Table(f"AlgoPerf score, by {unit}", ["optimizer", "AlgoPerf score"], rows, names=0))
    return shown
