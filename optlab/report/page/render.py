"""The page and its Markdown from their templates."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2
import markupsafe

from optlab.report.drawing.sample import sample
from optlab.report.drawing.style import INK, look, quoted

TEMPLATES = Path(__file__).parents[1] / "templates"
SIGNS = {"em": "*", "code": "`"}  # of Markdown for tags of HTML


def render(content: Mapping[str, Any], folder: Path) -> Path:
    """Write `content` as ``report.md`` and ``index.html`` into a folder; returns the path of the page."""
    templates = _environment()
    for name in ("report.md", "index.html"):
        page = folder / name
        page.write_text(templates.get_template(f"{name}.j2").render(content), "utf-8", "backslashreplace")
    return page


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=lambda name: name is not None and not name.endswith(".md.j2"),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["markdown"] = _markdown
    environment.filters["prose"] = lambda html: re.sub(r"</?(em|code)>", lambda m: SIGNS[m[1]], html)
    environment.filters["mark"] = quoted
    environment.filters["owners"] = lambda row: " ".join(
        quoted(name) for cell in row for name in cell.belongs_to
    )
    environment.filters["sample"] = lambda name: markupsafe.Markup(sample(name))
    environment.filters["color"] = lambda name: (
        "currentColor" if look(name).color == INK else look(name).color
    )
    return environment


def _markdown(text: str) -> str:
    """`text` with everything that Markdown or HTML would take for markup."""
    escaped = re.sub(r"([\\`*|\[\]$])|(?<!\w)_|_(?!\w)", r"\\\g<0>", " ".join(str(text).split()))
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
