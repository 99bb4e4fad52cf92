"""The tables of the page: results, tuning, comparisons and cost to target."""

import math
from typing import Any

import pandas as pd

from optlab.analysis.comparison.targets import AXES
from optlab.analysis.study import Study
from optlab.report import words
from optlab.report.page import folders, problems
from optlab.report.page.table import Cell, Table, named
from optlab.training.metrics import FINAL

COLUMNS = {  # what matters most comes first: the rest may be beyond the edge of a screen
    "setting": "best setting",
    "batch": "batch",
    **{name: words.label(name) for name in ("final_train_cost", "final_test_cost", "final_test_accuracy")},
    "steps": "steps",
    "gradient_evals": "gradient evals",
    "seconds": "seconds",
    "grid_diverged": "diverged",
    "seeds": "seeds",
    **{name: words.label(name) for name in FINAL},
}


def tables(study: Study) -> dict[str, list[Table]]:
    """All tables by section of the page; a section may have none."""
    return {
        "setup": folders.tables(study.runs),
        "results": results(study.summary, study.metric),
        "problems": problems.tables(study.problem_comparison),
        "comparisons": [table for table in comparisons(study.comparisons) if table.rows],
        "tuning": tuning(study.tuned),
        "targets": targets(study.expected_costs[AXES[0]], study.scores),
    }


def results(summary: pd.DataFrame, metric: str) -> list[Table]:
    """One table per problem, `metric` first; columns without any value in the problem are left out."""
    return [_results(str(problem), part, metric) for problem, part in summary.groupby("problem", sort=False)]


def _results(problem: str, part: pd.DataFrame, metric: str) -> Table:
    names = {**dict(list(COLUMNS.items())[:2]), metric: words.label(metric), **COLUMNS}
    if metric.startswith("best_"):
        names[metric] = words.metric(metric)
    columns = [column for column in names if part[column].notna().any()]
    if part["batch"].nunique() == 1:
        columns.remove("batch")
    rows = []
    for _, row in part.iterrows():
        cells = [Cell(str(row["rank"]), float(row["rank"])), named(row["optimizer"])]
        rows.append(cells + [_cell(row, column) for column in columns])
    return Table(problem, ["rank", "optimizer", *(names[column] for column in columns)], rows)


def _cell(row: pd.Series, column: str) -> Cell:
    if column == "setting":
        mark = {"lowest": " ↓", "highest": " ↑"}.get(row["edge"], "")
        return Cell(row["setting"] + mark, row["lr"])
    if column == "batch":
        return Cell(str(row["batch"]))
    value = float(row[column])
    if column.startswith(("final_", "best_")):
        return Cell(
            words.number(value), value, words.ends(value, row[f"{column}_low"], row[f"{column}_high"])
        )
    if column == "grid_diverged":
        return Cell(words.share(value), value)
    return Cell(words.number(value, 3) if column == "seconds" else words.count(value), value)


def tuning(table: pd.DataFrame) -> list[Table]:
    """One table per problem of `analysis.trials.tuned`."""
    head = ["optimizer", "chosen setting", "of settings", "median, tuning seeds", "median, evaluation seeds",
            "shrinkage", "diverged", "good rates, decades"]  # fmt: skip
    tables = []
    for problem, part in table.groupby("problem", sort=False):
        rows = []
        for row in part.itertuples():
            numbers = [Cell(words.number(value), value) for value in (row.tuning, row.evaluation)]
            shrinkage = "–" if not math.isfinite(row.shrinkage) else f"{100 * row.shrinkage:+.2g} %"
            shrinkage = "0 %" if abs(row.shrinkage) < 1e-4 else shrinkage
            width = "–" if math.isnan(row.decades) else f"{row.decades:.2g}"
            cells = [
                named(row.optimizer),
                Cell(str(row.setting)),
                Cell(str(row.settings), row.settings),
                *numbers,
                Cell(shrinkage.replace("-", "−"), row.shrinkage),
                Cell(words.share(row.diverged), row.diverged),
                Cell(width, row.decades),
            ]
            rows.append(cells)
        tables.append(Table(str(problem), head, rows, names=0))
    return tables


def comparisons(pairs: pd.DataFrame) -> list[Table]:
    """One table per problem of `analysis.comparisons.comparisons`."""
    head = ["comparison", "verdict", "median difference", "p (Holm)", "test", "effect size", "common seeds"]
    tables = []
    for problem, part in pairs.groupby("problem", sort=False):
        rows = []
        for row in part.itertuples():
            interval = "" if math.isnan(row.low) else words.ends(row.difference, row.low, row.high)
            effect = "–" if math.isnan(row.effect) else f"{row.effect:+.2f}".replace("-", "−")
            cells = [
                Cell(f"{row.first} – {row.second}", of=(str(row.first), str(row.second))),
                Cell(_verdict(row)),
                Cell(words.number(row.difference), row.difference, interval),
                Cell(words.number(row.p_holm, 2), row.p_holm),
                Cell(row.test),
                Cell(effect, row.effect),
                Cell(str(row.seeds), row.seeds),
            ]
            rows.append(cells)
        tables.append(Table(str(problem), head, rows, names=0))
    return tables


def targets(costs: pd.DataFrame, scores: pd.DataFrame) -> list[Table]:
    """Expected cost of every target, one table per problem of `analysis.targets.ert`; then the scores.

    Args:
        costs: expected costs.
        scores: ``score low high``, the AlgoPerf score by optimizer.
    """
    tables = []
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
        tables.append(Table(str(problem), ["optimizer", *names], rows, names=0))
    if len(scores):
        ranked = scores.sort_values("score", ascending=False, kind="stable")
        rows = [
            [named(name), Cell(words.number(value), value, words.ends(value, *ends))]
            for name, value, *ends in ranked.itertuples()
        ]
        tables.append(Table("All problems", ["optimizer", "AlgoPerf score"], rows, names=0))
    return tables


def _verdict(row: Any) -> str:
    texts = {"better": f"{row.first} is better", "worse": f"{row.second} is better", "same": "the same"}
    return texts.get(row.verdict, row.verdict)
