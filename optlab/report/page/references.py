"""The works behind methods and data: `references.bib`, in which `keywords` names what a work is cited for."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

BIB = Path(__file__).parent / "references.bib"
ACCENTS = str.maketrans({"{": "", "}": "", "$": ""})


class Reference(NamedTuple):
    """One entry of the bibliography."""

    key: str
    bibtex: str
    author: str
    year: str
    names: tuple[str, ...]  # optimizers, data sets and procedures

    @property
    def short(self) -> str:
        """``Kingma and Ba, 2015``; from three authors on the first alone."""
        families = [author.partition(",")[0] for author in self.author.split(" and ")]
        who = " and ".join(families) if len(families) < 3 else f"{families[0]} et al."
        return f"{who}, {self.year}"


@cache
def references() -> tuple[Reference, ...]:
    """All entries, in the order of the file."""
    entries = re.findall(r"^@\w+\{.*?^\}$", BIB.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    parsed = []
    for entry in entries:
        key = entry[entry.index("{") + 1 : entry.index(",")]
        fields = dict(re.findall(r"^  (\w+) = \{(.*)\},$", entry, flags=re.MULTILINE))
        names = tuple(fields["keywords"].split())
        parsed.append(Reference(key, entry, _plain(fields["author"]), fields["year"], names))
    return tuple(parsed)


def _plain(text: str) -> str:
    """`text` without LaTeX's braces and accents on top of letters."""
    accented = {r"{\'e}": "é", r"{\"e}": "ë", r"{\v{s}}": "š"}
    for command, letter in accented.items():
        text = text.replace(command, letter)
    return text.translate(ACCENTS)


def cited_for(names: Iterable[str]) -> list[Reference]:
    """What is cited for optimizers, data sets and procedures; those unknown have none."""
    subjects = set(names)
    return [entry for entry in references() if subjects & set(entry.names)]
