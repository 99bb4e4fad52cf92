"""A table as a reader sees it: texts with what they are sorted by."""

from typing import NamedTuple


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
