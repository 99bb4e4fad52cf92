"""Problems side by side on the page: their table, and what the validation cost chooses."""

import math

import pandas as pd

from optlab.analysis.comparison.comparisons import EQUAL, EQUIVALENT, UNDECIDED, WORSE
from optlab.analysis.statistics import FEW
from optlab.analysis.study import Study
from optlab.report import words
from optlab.report.drawing import panels
from optlab.report.page.findings import Finding
from optlab.report.page.section import Section
from optlab.report.page.table import Cell, Table
from optlab.training.metrics import FINAL

TEXT = (
    "Problems on the same data, each at its best optimizer and setting, in the order of the validation "
    "cost. Medians over the evaluation seeds, below them their exact interval, from six seeds on. The "
    "<em>training loss</em> is the training cost J without its penalty, and the <em>gap</em> the test cost "
    "minus it. The first is compared with the others by their validation costs over the seeds, as optimizers "
    "are in the section on comparisons."
)
COST = "final_train_cost"
SHOWN = {
    **{name: words.label(name) for name in ("final_validation_cost", "final_test_cost")},
    "train_loss": "training loss",
    "gap": "gap",
    **{name: words.label(name) for name in FINAL if name != COST},
    COST: words.label(COST),
}


def section(study: Study) -> Section:
    """The section of the page."""
    table = study.problem_comparison
    return Section("problems", "Problems side by side", TEXT, tables=tuple(tables(table)), notes=notes(table))


def tables(table: pd.DataFrame) -> list[Table]:
    """One table per data set of `problem_comparison`; columns without any value in it are left out."""
    return [_table(str(data), part) for data, part in table.groupby("data", sort=False)]


def _table(data: str, part: pd.DataFrame) -> Table:
    columns = [name for name in SHOWN if part[name].notna().any()]
    if part["train_loss"].equals(part[COST]):  # no penalty anywhere
        columns.remove(COST)
    ranked, sized = bool(part["rank"].notna().any()), part["parameters"].nunique() > 1
    head = [
        *["rank"] * ranked,
        "problem",
        *["parameters"] * sized,
        "best optimizer",
        "setting",
        *["against the first"] * ranked,
    ]
    rows = []
    for _, row in part.iterrows():
        cells = [Cell(words.count(row["rank"]), row["rank"])] if ranked else []
        cells.append(Cell(_name(row, part)))
        cells += [Cell(words.count(row["parameters"]), row["parameters"])] if sized else []
        cells += [Cell(str(row["optimizer"])), Cell(str(row["setting"]))]
        cells += [Cell(row["verdict"] or "–")] if ranked else []
        rows.append(cells + [_number(row, name) for name in columns])
    return Table(data, [*head, *(SHOWN[name] for name in columns)], rows, names=int(ranked))


def _number(row: pd.Series, name: str) -> Cell:
    value = float(row[name])
    return Cell(words.number(value), value, words.ends(value, row[f"{name}_low"], row[f"{name}_high"]))


def findings(table: pd.DataFrame) -> list[Finding]:
    """What the validation cost chooses on every data set of `problem_comparison`, and what that is worth."""
    ranked = table.groupby("data")["rank"].transform("min") == 1
    return [_choice(str(data), part) for data, part in table[ranked].groupby("data", sort=False)]


def _choice(data: str, part: pd.DataFrame) -> Finding:
    first = part.iloc[0]
    text = (
        f"Of {len(part)} problems on the same data, each with its best optimizer, it has the lowest "
        f"validation cost by geometric mean; its median is {_value(first, 'final_validation_cost')}, with "
        f"{first['optimizer']} at {first['setting']}."
    )
    if not math.isnan(first["final_test_cost"]):
        text += (
            f" Its median test cost is {_value(first, 'final_test_cost')}, its median test accuracy "
            f"{_value(first, 'final_test_accuracy')}."
        )
    tied = part[part["verdict"].isin([UNDECIDED, EQUIVALENT, EQUAL])]
    if (part["verdict"].iloc[1:] == WORSE).all():
        text += " All others are shown to be worse."
    else:
        few = f": {first['seeds']} seeds show large differences only" if first["seeds"] <= FEW else ""
        text += f" {len(tied)} of the {len(part) - 1} others are not shown to be worse{few}."
    text += _hindsight(first, part) + _smaller(first, part)
    return Finding(data, f"The validation cost chooses {_name(first, part)}", text)


def notes(table: pd.DataFrame) -> tuple[str, ...]:
    """What the problems cannot be compared by, and the remedy."""
    lines = [
        f"{data}: without validation data nothing chooses between the problems: the test cost must not. "
        "Set some aside with dataset.validation_fraction=0.2."
        if part["final_validation_cost"].isna().all()
        else f"{data}: nothing chooses between the problems: that takes three common seeds."
        for data, part in table.groupby("data", sort=False)
        if part["rank"].isna().all()
    ]
    unknown = table["train_loss"].isna() & table[COST].map(math.isfinite)
    if unknown.any():
        lines.append(
            f"The gap of {words.plural(int(unknown.sum()), 'problem')} is not known, since the training cost "
            "J holds a penalty or class weights. With training.record_parameters=final, the parameters tell "
            "the penalty."
        )
    return tuple(lines)


def _smaller(first: pd.Series, part: pd.DataFrame) -> str:
    """The smallest network that is shown to be as good."""
    near = part[part["verdict"].isin([EQUIVALENT, EQUAL])]
    near = near[near["parameters"] < first["parameters"]].sort_values("parameters", kind="stable")
    if near.empty:
        return ""
    fewer, more = words.count(near.iloc[0]["parameters"]), words.count(first["parameters"])
    return (
        " The smallest network with an equivalent validation cost is "
        f"{_name(near.iloc[0], part)}, with {fewer} instead of {more} parameters."
    )


def _hindsight(first: pd.Series, part: pd.DataFrame) -> str:
    """What the choice has cost, as only the test data know."""
    if not part["final_test_cost"].notna().any():
        return ""
    best = part.sort_values("final_test_cost", kind="stable").iloc[0]
    if best["problem"] == first["problem"]:
        return " It also has the lowest median test cost."
    return (
        f" The lowest median test cost, which no choice may look at, is that of {_name(best, part)}: "
        f"{_value(best, 'final_test_cost')}."
    )


def _name(row: pd.Series, part: pd.DataFrame) -> str:
    return panels.title(row["problem"], part["problem"], 80)


def _value(row: pd.Series, name: str) -> str:
    return words.spread(float(row[name]), row[f"{name}_low"], row[f"{name}_high"])
