"""The leaderboard that ends a command: every optimizer at its best learning rate, problem by problem."""

from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from optlab.report import words
from optlab.training.metrics import is_share

if TYPE_CHECKING:
    from optlab.analysis.study import Study


def show(study: "Study", console: Console | None = None) -> None:
    """Print one table for each problem, with the ranks of the page."""
    console = console or Console()
    for problem, rows in study.summary.groupby("problem", sort=False):
        console.print(_table(str(problem), rows, study.metric))


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
    for title in ("best lr", *columns.values(), "seeds", "diverged"):
        table.add_column(title, justify="right", min_width=len("≤ 1.0×10⁻¹³") if title == "gap" else None)
    for row in rows.to_dict("records"):
        values = [_value(row, name) for name in columns]
        rest = [str(row["seeds"]), f"{row['grid_diverged']:.0%}"]
        name = Text(str(row["optimizer"]))
        table.add_row(_number(row["rank"]), name, _number(row["lr"]), *values, *rest)
    return table


def _number(value: float, share: bool = False) -> str:
    return "–" if pd.isna(value) else f"{value:.3f}" if share else f"{value:.4g}"


def _value(row: dict[str, Any], name: str) -> str:
    """A value of a run's row; a gap at the rounding of J is known only to be at most that."""
    if name == "final_gap" and row[name] <= row["least_gap"]:
        return words.bound(row[name])
    return _number(row[name], is_share(name))


def _words(metric: str) -> str:
    return metric.removeprefix("final_").replace("_", " ")
