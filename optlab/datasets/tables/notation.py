"""Numbers as people write them: decimal commas, marks between thousands, currencies, percent."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

Decimal = Literal["auto", "point", "comma"]
Thousands = Literal["auto", "none", "comma", "point", "space", "apostrophe"]

MARKS = {"none": "", "point": r"\.", "comma": ",", "space": " ", "apostrophe": "'"}
PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
PLAIN_COLUMN = re.compile(r"[0-9.eE+\-\n]*")
CURRENCY = (
    r"(?:[A-Z]{0,2}\$|[^\w\s.,'+\-()<>%]|(?:Fr|Rs|kr|Kč|zł|Ft)\.?"
    r"|USD|EUR|GBP|CHF|JPY|CNY|INR|CAD|AUD|SEK|NOK|DKK|PLN|CZK|HUF|BRL|RUB)?"
)
AFFIXED = re.compile(
    rf"'?(?P<sign>[+-]?)(?P<before>{CURRENCY})\s*(?P<sign_after>[+-]?)"
    rf"(?P<body>[0-9.,][0-9., ']*?(?:[eE][+-]?\d+)?)\s*(?P<after>%|{CURRENCY})'?"
)
SAME = {ord("\u2212"): "-", ord("\u2019"): "'", ord("\u066b"): ",", ord("\u066c"): "'"}


class Notation(NamedTuple):
    """How a column of numbers is written."""

    decimal: str = "point"
    thousands: str = "none"
    affix: str = ""  # a currency, or %

    def __str__(self) -> str:
        parts = [f"decimal {self.decimal}" * (self.decimal != "point")]
        parts.append(f"thousands {self.thousands}" * (self.thousands != "none"))
        return ", ".join(part for part in (*parts, self.affix) if part) or "plain"


NOTATIONS = [
    Notation(decimal, thousands)
    for decimal in ("point", "comma")
    for thousands in ("none", "point", "comma", "space", "apostrophe")
    if decimal != thousands
]
"""From the usual to the rare, but for affixes."""


def is_plain(cell: str) -> bool:
    """Whether a cell is a number as programming languages write it."""
    return PLAIN.fullmatch(cell) is not None


def plain_numbers(cells: Sequence[str]) -> list[float] | None:
    """The numbers in cells that are all plain, else None."""
    if not PLAIN_COLUMN.fullmatch("\n".join(cells)):
        return None
    try:
        return list(map(float, cells))
    except ValueError:
        return None


def bodies(cells: Iterable[str]) -> tuple[dict[str, str], set[str]]:
    """What is left of each cell without signs of currencies, percent and quotes, and these signs.

    Cells that no such sign or number makes up are left out.
    """
    stripped, affixes = {}, set()
    for cell in cells:
        match = AFFIXED.fullmatch(_ascii(cell))
        if match and not (match["sign"] and match["sign_after"]) and not (match["before"] and match["after"]):
            affix = match["before"] or match["after"]
            if len(affix) == 1 and affix != "%" and unicodedata.category(affix) != "Sc":
                continue
            stripped[cell] = f"{match['sign']}{match['sign_after']}{match['body']}"
            affixes.add(affix)
    return stripped, affixes


def numbers_in(bodies: Iterable[str], notation: Notation) -> list[float] | None:
    """The numbers that texts are in a notation; None where one of them is none."""
    pattern, values = PATTERNS[notation._replace(affix="")], []
    thousands, decimal = (MARKS[mark].removeprefix("\\") for mark in (notation.thousands, notation.decimal))
    for body in bodies:
        if not pattern.fullmatch(body):
            return None
        value = float((body.replace(thousands, "") if thousands else body).replace(decimal, "."))
        values.append(value)
    return values


def _pattern(notation: Notation) -> re.Pattern[str]:
    mark, decimal = MARKS[notation.thousands], MARKS[notation.decimal]
    whole = r"\d+"
    if mark:
        whole = rf"(?:\d+|[1-9]\d{{0,2}}(?:{mark}\d{{3}})+)"
    if notation.thousands == "comma":
        whole = rf"(?:{whole}|[1-9]\d?(?:,\d\d)*,\d{{3}})"  # 12,34,567, as in India
    return re.compile(rf"[+-]?(?:{whole}(?:{decimal}\d*)?|{decimal}\d+)(?:[eE][+-]?\d+)?", re.ASCII)


PATTERNS = {notation: _pattern(notation) for notation in NOTATIONS}


def _ascii(cell: str) -> str:
    """A cell with the digits, blanks and signs of ASCII in place of their like."""
    if cell.isascii():
        return cell
    cell = cell.translate(SAME)
    cell = "".join(" " if unicodedata.category(c) == "Zs" else c for c in cell)
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in cell)
