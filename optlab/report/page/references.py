"""The works behind methods and data.

They stand in `references.bib`, in which `keywords` names what a work is cited for. A method that is not there
is cited for what the docstring of its function says: ``Reference: Kingma and Ba, Adam: A Method for
Stochastic Optimization, 2015, algorithm 1.``
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from optlab import optimizers
from optlab.core.errors import UserError

BIB = Path(__file__).parent / "references.bib"
ACCENTS = str.maketrans({"{": "", "}": "", "$": ""})

_NAME = r"[^\W\d_][\w'-]*(?: [A-Z][\w'-]*)?"
_DOCSTRING = re.compile(
    rf"References?: (?P<authors>(?:{_NAME}, )*{_NAME} and {_NAME}|{_NAME}(?: et al\.)?), "
    r"(?P<title>[^;]+?), (?:\d\w\w ed\. )?(?P<year>\d{4})\b"
)


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
        few = len(families) < 3 and families[-1] != "others"
        who = " and ".join(families) if few else f"{families[0]} et al."
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
    entries = [entry for entry in references() if subjects & set(entry.names)]
    rest = sorted(subjects.difference(*(entry.names for entry in entries)))
    return entries + [entry for name in rest if (entry := _of_docstring(name))]


def known() -> dict[str, Reference]:
    """All that may be cited, by key."""
    return {entry.key: entry for entry in (*references(), *cited_for(optimizers.REGISTRY.names()))}


def _of_docstring(name: str) -> Reference | None:
    """What the function behind an optimizer names as its source, if it does."""
    if name not in optimizers.REGISTRY.names():
        return None
    try:
        text = " ".join((optimizers.REGISTRY.get(name).__doc__ or "").split())
    except UserError:
        return None
    found = _DOCSTRING.search(text)
    if found is None:
        return None
    author = found["authors"].replace(" et al.", " and others").replace(", ", " and ")
    title, year = found["title"], found["year"]
    key = re.sub(r"\W", "", f"{author.split()[0]}{year}{title.split()[0]}").lower()
    fields = {"author": author, "title": title, "year": year, "keywords": name}
    lines = [f"  {field} = {{{value}}}," for field, value in fields.items()]
    return Reference(key, "\n".join([f"@misc{{{key},", *lines, "}"]), author, year, (name,))
