"""The results: what every optimizer reached at its best setting."""

import math

import pandas as pd

from optlab.analysis.study import Study
from optlab.report import words
from optlab.report.page.section import Section
from optlab.report.page.table import Cell, Table, named
from optlab.training.metrics import FINAL

TEXT = (
    "Optimizers are ranked by their mean over common seeds, for costs the geometric mean. Those equal to "
    "rounding share a rank; those with fewer than three common seeds without a diverged run have none. All "
    "other values are medians over the evaluation seeds; below stands their exact interval or, with fewer "
    "than six seeds, the lowest and the highest value. A gap at the rounding of J is known only to be at "
    "most (≤) that. <em>Diverged</em> is the share of the optimizer's runs at any setting, "
    "<em>worse</em> that of runs that ended above their start. An arrow marks a "
    "best rate on the lower (↓) or upper (↑) edge of its grid. Click a heading to sort."
)

COLUMNS = {  # what matters most comes first: the rest may be beyond the edge of a screen
    "setting": "best setting",
    "batch": "batch",
    **{name: words.label(name) for name in ("final_train_cost", "final_test_cost", "final_test_accuracy")},
    "steps": "steps",
    "gradient_evals": "gradient evals",
    "seconds": "seconds",
    "grid_diverged": "diverged",
    "grid_worse": "worse",
    "seeds": "seeds",
    **{name: words.label(name) for name in FINAL},
}


def section(study: Study) -> Section:
    """The section of the page."""
    shown = tuple(tables(study.summary, study.metric))
    return Section("results", "Results", TEXT, tables=shown, notes=levels(study.summary))


def levels(summary: pd.DataFrame) -> tuple[str, ...]:
    """The probability with which the intervals cover the medians, by the number of seeds."""
    known = summary.dropna(subset="level").groupby("seeds")["level"].first()
    texts = [f"{words.share(level)} with {seeds} seeds" for seeds, level in known.items()]
    return (f"Intervals of medians cover the true one in {words.listed(texts)}.",) if texts else ()


def tables(summary: pd.DataFrame, metric: str) -> list[Table]:
    """One table per problem, `metric` first; columns without any value in the problem are left out."""
    return [_table(str(problem), part, metric) for problem, part in summary.groupby("problem", sort=False)]


def _table(problem: str, part: pd.DataFrame, metric: str) -> Table:
    setting = dict(list(COLUMNS.items())[:2])
    names = {**setting, "centre": _centre(part), metric: words.label(metric), **COLUMNS}
    if metric.startswith("best_"):
        names[metric] = words.metric(metric)
    columns = [column for column in names if part[column].notna().any()]
    if part["batch"].nunique() == 1:
        columns.remove("batch")
    if not part["grid_worse"].any():
        columns.remove("grid_worse")
    rows = []
    for _, row in part.iterrows():
        cells = [Cell(words.count(row["rank"]), row["rank"]), named(row["optimizer"])]
        rows.append(cells + [_cell(row, column) for column in columns])
    return Table(problem, ["rank", "optimizer", *(names[column] for column in columns)], rows)


def _centre(part: pd.DataFrame) -> str:
    """``gap J − J*, geometric mean``."""
    ranked = part.dropna(subset="centre")
    if ranked.empty:
        return ""
    first = ranked.iloc[0]
    return f"{words.label(first['quantity'])}, {'geometric ' * (first['scale'] == 'ratio')}mean"


def _cell(row: pd.Series, column: str) -> Cell:
    if column == "setting":
        mark = {"lowest": " ↓", "highest": " ↑"}.get(row["edge"], "")
        return Cell(row["setting"] + mark, row["lr"])
    if column == "batch":
        return Cell(str(row["batch"]))
    value = float(row[column])
    if column == "centre":
        return Cell(words.centre(row), value)
    if column == "final_gap" and row["rounded"]:
        return Cell(_gap(value, row), value, _gaps(row))
    if column.startswith(("final_", "best_")):
        return Cell(words.number(value), value, _ends(row, column))
    if column in ("grid_diverged", "grid_worse"):
        return Cell(words.share(value), value)
    return Cell(words.number(value, 3) if column == "seconds" else words.count(value), value)


def _gap(value: float, row: pd.Series) -> str:
    """A gap; one that is not above the rounding of J is a bound."""
    return words.bounded(value, value <= row["least_gap"])


def _gaps(row: pd.Series) -> str:
    """The ends of a median gap, of which the lower may be a bound."""
    low, high = _range(row, "final_gap")
    if high <= row["least_gap"]:
        return ""
    return f"[{_gap(low, row).removesuffix(' (rounding)')}, {words.number(high)}]"


def _ends(row: pd.Series, column: str) -> str:
    """The interval of a median or, of few seeds, the lowest and the highest value."""
    return words.ends(float(row[column]), *_range(row, column))


def _range(row: pd.Series, column: str) -> tuple[float, float]:
    low, high = ("min", "max") if math.isnan(row[f"{column}_low"]) else ("low", "high")
    return float(row[f"{column}_{low}"]), float(row[f"{column}_{high}"])
