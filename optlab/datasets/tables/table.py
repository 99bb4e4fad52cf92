"""A table of cells, and where each of them stands."""

from collections.abc import Sequence
from typing import NamedTuple

from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.core.options import shown


class Table(NamedTuple):
    """The cells of a file, all rows of the same length."""

    source: str
    names: list[str]  # of the columns: from the header, else x1, x2, ...
    columns: Sequence[Sequence[str]] | Array  # cells without surrounding blanks; or numbers (columns, n)
    lines: Sequence[int]  # where each row stands in the file, counted from 1
    unit: str = "line"  # of `lines`
    separator: str = ""  # between cells; empty where the file is no text
    unnamed: frozenset[int] = frozenset()  # columns whose cell in the header is empty

    @property
    def form(self) -> str:
        """How the file is written, such as ``semicolon-separated, with a header``."""
        if not self.separator:
            return "Parquet"
        has_names = self.names != [f"x{number}" for number in range(1, len(self.names) + 1)]
        return f"{self.separator}-separated, {'with a' if has_names else 'no'} header"

    def place(self, row: int, column: int) -> str:
        """Where a cell stands, for messages."""
        return f"{self.source}, {self.unit} {self.lines[row]}, column {column + 1} ('{self.names[column]}')"

    def place_of(self, column: int, cell: str) -> str:
        """Where a cell of a column first stands."""
        return self.place(list(self.columns[column]).index(cell), column)

    def column(self, which: int | str, key: str) -> int:
        """Index of the column that the option `key` names, or counts from 0 (or from the end: -1)."""
        if which in self.names:
            return self.names.index(str(which))
        if isinstance(which, int) and -len(self.names) <= which < len(self.names):
            return which % len(self.names)
        raise UserError(
            f"{key}={which}: {self.source} has no such column; give an index from 0 to {len(self.names) - 1} "
            f"(-1 is the last) or a name of {', '.join(self.names[:20])}"
        )


def refuse_duplicates(names: list[str], place: str) -> None:
    """Raise a UserError where two columns have the same name."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise UserError(f"{place}: two columns are called '{name}'; rename one of them")
        seen.add(name)


def quoted(cell: str) -> str:
    """A cell in a message; shortened where it is long."""
    return f"'{shown(cell)}'"
