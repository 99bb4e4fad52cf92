"""A table as a reader sees it: texts with what they are sorted by."""

from typing import NamedTuple

NUMBER = {*"0123456789+−–∞≤"}
"""First characters of numbers; a dash is one that is not known."""


class Cell(NamedTuple):
    """What is read, the number that it is sorted by (None: by its text), and the range that goes with it."""

    text: str
    order: float | None = None
    range: str = ""
    belongs_to: tuple[str, ...] = ()  # the optimizers that the row is about

    @property
    def is_number(self) -> bool:
        """Whether what is read is a number, perhaps with a range."""
        return self.order is not None and self.text[:1] in NUMBER

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
    folded: bool = False  # the page shows its title alone until a reader asks for it

    @property
    def numeric(self) -> list[bool]:
        """Whether a column holds numbers, which stand right-aligned."""
        columns = zip(*self.rows, strict=True) if self.rows else ([] for _ in self.head)
        return [bool(column) and all(cell.is_number for cell in column) for column in map(list, columns)]


def named(optimizer: object) -> Cell:
    """The cell with the name of an optimizer."""
    return Cell(str(optimizer), belongs_to=(str(optimizer),))
