"""The leaderboard that ends a command: every optimizer at its best learning rate, problem by problem."""

from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from optlab.analysis.choice.validation import PARTED
from optlab.report import words
from optlab.training.metrics import is_share

if TYPE_CHECKING:
    from optlab.analysis.study import Study


WIDE = 1000  # characters, more than a table takes


def show(study: "Study", console: Console | None = None) -> None:
    """Print one table for each problem, with the ranks of the page."""
    console = console or Console()
    for problem, rows in study.summary.groupby("problem", sort=False):
        table = _table(str(problem), rows, study.metric)
        if console.measure(table, options=console.options.update(max_width=WIDE)).maximum > console.width:
            for column in table.columns:
                column.header = str(column.header).replace(" ", "\n")
        console.print(table)
        validated = study.validated[study.validated["problem"] == problem]
        for line in _validation(validated, rows["optimizer"].iloc[0]):
            console.print(Text(line), highlight=False, soft_wrap=True)


def _table(problem: str, rows: pd.DataFrame, metric: str) -> Table:
    columns = {
        metric: f"{_words(metric)}",
        "final_train_cost": "train cost",
        "final_validation_cost": "validation cost",
        "final_test_accuracy": "test accuracy",
    }
    columns = {name: title for name, title in columns.items() if rows[name].notna().any()}
    table = Table(
        title=Text(problem),
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
        collapse_padding=True,
    )
    table.add_column("rank", justify="right")
    table.add_column("optimizer")
    shares = ["grid_diverged", *["grid_worse"] * bool(rows["grid_worse"].any())]
    ends = ["seeds", *(name.removeprefix("grid_") for name in shares)]
    for title in ("best lr", *columns.values(), *ends):
        table.add_column(title, justify="right", min_width=len("≤ 1.0×10⁻¹³") if title == "gap" else None)
    for row in rows.to_dict("records"):
        values = [_value(row, name) for name in columns]
        rest = [str(row["seeds"]), *(f"{row[name]:.0%}" for name in shares)]
        name = Text(str(row["optimizer"]))
        table.add_row(_number(row["rank"]), name, _number(row["lr"]), *values, *rest)
    return table


def _validation(validated: pd.DataFrame, leader: str) -> list[str]:
    """The setting to take home, where the one that the leader is judged at is clearly worse."""
    own = validated.loc[validated["optimizer"] == leader, "chosen_cost"]
    return [
        f"chosen by validation cost: {row['optimizer']}, {row['setting']} ({_number(row['cost'])})"
        for row in validated[validated["first"].astype(bool)].to_dict("records")
        if not (own - row["cost"] <= PARTED * abs(row["cost"])).all()
    ]


def _number(value: float, share: bool = False) -> str:
    return "–" if pd.isna(value) else f"{value:.3f}" if share else f"{value:.4g}"


def _value(row: dict[str, Any], name: str) -> str:
    """A value of a run's row; a gap at the rounding of J is known only to be at most that."""
    if name == "final_gap" and row[name] <= row["least_gap"]:
        return words.bound(row[name])
    return _number(row[name], is_share(name))


def _words(metric: str) -> str:
    return metric.removeprefix("final_").replace("_", " ")
