"""A table as it is shown on the page, and as files: CSV for spreadsheets, LaTeX (booktabs) for papers."""

from pathlib import Path
from typing import NamedTuple

import pandas as pd

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
    belongs_to: tuple[str, ...] = ()  # the optimizers that the row is about

    @property
    def line(self) -> str:
        """Text and range on one line."""
        return f"{self.text} {self.range}".rstrip()


class Table(NamedTuple):
    """A table as it is shown: `rows` of cells below `head`."""

    title: str
    head: list[str]
    rows: list[list[Cell]]
    names: int = 1  # the column that names the row


def named(optimizer: object) -> Cell:
    """The cell with the name of an optimizer."""
    return Cell(str(optimizer), belongs_to=(str(optimizer),))


def save(table: pd.DataFrame, folder: Path, name: str) -> None:
    """Write `table` as ``name.csv``, every digit kept."""
    table.to_csv(folder / f"{name}.csv", index=False)


def save_tex(table: Table, path: Path) -> None:
    """Write `table` for ``\\input`` in a paper that loads booktabs."""
    lines = [
        f"% {table.title}".replace("\n", " "),
        rf"\begin{{tabular}}{{{'l' * len(table.head)}}}",
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
