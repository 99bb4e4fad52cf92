"""Docstrings in the house's order as parts: one line, equations and remarks, arguments, reference."""

import inspect
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from optlab.core.options import annotations, defaults, describe, shown


class Block(NamedTuple):
    """A paragraph, or equations as they stand."""

    text: str
    is_equation: bool


class Doc(NamedTuple):
    """The parts of a factory's docstring."""

    summary: str
    body: list[Block]
    options: dict[str, str]
    reference: str

    @property
    def equations(self) -> str:
        """All equations."""
        return "\n".join(block.text for block in self.body if block.is_equation)


def parse(text: str) -> Doc:
    """The parts of a docstring."""
    summary, *blocks = re.split(r"\n\n+", inspect.cleandoc(text))
    body: list[Block] = []
    options: dict[str, str] = {}
    reference = ""
    for block in blocks:
        if block.startswith("Args:"):
            for item in re.split(r"\n    (?=\w)", block)[1:]:
                names, meaning = item.split(":", 1)
                options |= dict.fromkeys(names.split(", "), _line(meaning))
        elif block.startswith("Reference"):
            reference = _line(block.partition(":")[2])
        elif block.startswith(" "):
            body.append(Block(inspect.cleandoc(block), True))
        else:
            body.append(Block(_line(block), False))
    return Doc(_line(summary), body, options, reference)


def explained(key: str, factory: Callable[..., Any]) -> str:
    """What a function that a configuration names does, as plain text: summary, equations, options, reference.

    Args:
        key: the section of the configuration, such as ``optimizer``.
        factory: the function.
    """
    doc, given = parse(factory.__doc__ or ""), defaults(factory)
    lines = [f"{key}={factory.__name__}", "", doc.summary]
    for block in doc.body:
        text = block.text.replace("\n", "\n    ")
        lines += ["", f"    {text}" if block.is_equation else block.text]
    hints = annotations(factory)
    if hints:
        lines += ["", "Options:"]
    for name, hint in hints.items():
        default = f"= {shown(given[name])}" if name in given else "to be given"
        lines.append(f"  {key}.{name} {default}  ({describe(hint)})  {doc.options.get(name, '')}".rstrip())
    return "\n".join([*lines, *["", f"Reference: {doc.reference}"] * bool(doc.reference)])


def _line(text: str) -> str:
    """A paragraph as one line."""
    return " ".join(text.split())
