"""The report's tables for spreadsheets (CSV), papers (LaTeX, booktabs) and the page."""

from pathlib import Path
from typing import NamedTuple

import pandas as pd

from optlab.report import words

COLUMNS = {  # what matters most comes first: the rest may be beyond the edge of a screen
    "setting": "best setting",
    "final_train_cost": "training cost J",
    "final_test_cost": "test cost",
    "final_test_accuracy": "test accuracy",
    "steps": "steps",
    "gradient_evals": "gradient evals",
    "seconds": "seconds",
    "grid_diverged": "diverged",
    "seeds": "seeds",
    "final_validation_cost": "validation cost",
    "final_train_accuracy": "training accuracy",
    "final_validation_accuracy": "validation accuracy",
}

TEX = str.maketrans({
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    **{sign: rf"\{sign}" for sign in "&%$#_{}"},
    "·": r"$\cdot$", "–": "--", "−": "$-$", "∞": r"$\infty$", "↑": r"$\uparrow$", "↓": r"$\downarrow$",
    "×": r"$\times$", "<": r"\textless{}", ">": r"\textgreater{}", "…": r"\dots{}",
    **dict(zip("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", [f"$^{{{sign}}}$" for sign in "-0123456789"], strict=True)),
})  # fmt: skip


class Cell(NamedTuple):
    """What is read, the number that it is sorted by (None: by its text), and the range that goes with it."""

    text: str
    order: float | None = None
    range: str = ""

    @property
    def line(self) -> str:
        """Text and range on one line."""
        return f"{self.text} {self.range}".rstrip()


class Table(NamedTuple):
    """A table as it is shown: `rows` of cells below `head`."""

    title: str
    head: list[str]
    rows: list[list[Cell]]


def shown(summary: pd.DataFrame) -> list[Table]:
    """One table per problem; columns without any value in the problem are left out."""
    return [_shown(str(problem), part) for problem, part in summary.groupby("problem", sort=False)]


def _shown(problem: str, part: pd.DataFrame) -> Table:
    columns = [column for column in COLUMNS if part[column].notna().any()]
    rows = []
    for _, row in part.iterrows():
        cells = [Cell(str(row["rank"]), float(row["rank"])), Cell(str(row["optimizer"]))]
        rows.append(cells + [_cell(row, column) for column in columns])
    return Table(problem, ["rank", "optimizer", *(COLUMNS[column] for column in columns)], rows)


def _cell(row: pd.Series, column: str) -> Cell:
    if column == "setting":
        mark = {"lowest": " ↓", "highest": " ↑"}.get(row["edge"], "")
        return Cell(row["setting"] + mark, row["lr"])
    value = float(row[column])
    if column.startswith("final_"):
        return Cell(words.number(value), value, words.ends(value, row[f"{column}_min"], row[f"{column}_max"]))
    if column == "grid_diverged":
        return Cell(words.share(value), value)
    return Cell(words.number(value, 3) if column == "seconds" else words.count(value), value)


def save(table: pd.DataFrame, folder: Path, name: str) -> None:
    """Write `table` as ``name.csv``, every digit kept."""
    table.to_csv(folder / f"{name}.csv", index=False)


def save_tex(table: Table, path: Path) -> None:
    """Write `table` for ``\\input`` in a paper that loads booktabs."""
    lines = [
        f"% {table.title}".replace("\n", " "),
        rf"\begin{{tabular}}{{rl{'l' * (len(table.head) - 2)}}}",
        r"\toprule",
        " & ".join(tex(name) for name in table.head) + r" \\",
        r"\midrule",
        *(" & ".join(tex(cell.line) for cell in row) + r" \\" for row in table.rows),
        r"\bottomrule",
        r"\end{tabular}",
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def tex(text: str) -> str:
    """`text` with everything that LaTeX would take for a command."""
    return text.translate(TEX)
