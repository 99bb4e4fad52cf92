"""The page: everything the report knows, as one HTML file without network access, and as Markdown."""

import re
import shlex
from pathlib import Path
from typing import Any, Protocol

import jinja2
import pandas as pd

from optlab.analysis.problems import with_problems
from optlab.analysis.rates import sensitivity
from optlab.analysis.summary import summary
from optlab.analysis.tuning import settings
from optlab.errors import UserError
from optlab.report import figures, tables, words
from optlab.report.findings import findings
from optlab.report.protocol import protocol, provenance
from optlab.report.style import INK, in_order, look

TEMPLATES = Path(__file__).parent / "templates"


class Results(Protocol):
    """What a report is made from (see `optlab.load`)."""

    @property
    def runs(self) -> pd.DataFrame: ...
    @property
    def trajectories(self) -> pd.DataFrame: ...
    @property
    def provenance(self) -> dict[str, Any] | None: ...
    @property
    def folders(self) -> Any: ...


def build(results: Results, out: Path) -> Path:
    """Write ``out/summary.csv`` and ``out/report/`` and return the path of the page.

    Raises:
        UserError: there are no runs.
    """
    folders = [str(folder) for folder in results.folders]
    if results.runs.empty:
        raise UserError(f"{' '.join(folders)}: has no runs in it; name a folder that optlab has written")
    runs = with_problems(results.runs)
    table = summary(runs, results.trajectories)
    report = Path(out) / "report"
    for folder in ("figures", "tables"):
        (report / folder).mkdir(parents=True, exist_ok=True)

    shown = tables.shown(table)
    tables.save(table, Path(out), "summary")
    tables.save(settings(runs), report / "tables", "settings")
    tables.save(sensitivity(runs), report / "tables", "sensitivity")
    for number, part in enumerate(shown, start=1):
        tables.save_tex(part, report / "tables" / f"results-{number}.tex")
        tables.save(table[table["problem"] == part.title], report / "tables", f"results-{number}")

    load = ", ".join(f'"{folder}"' if '"' not in folder else repr(folder) for folder in folders)
    content = {
        "title": _title(runs),
        "subtitle": _subtitle(runs),
        "findings": findings(table),
        "facts": protocol(runs, results.provenance),
        "provenance": provenance(results.provenance),
        "tables": shown,
        "families": _families(runs, results.trajectories, report / "figures", load),
        "command": shlex.join(["optlab-report", *folders]),
    }
    templates = _templates()
    (report / "report.md").write_text(
        templates.get_template("report.md.j2").render(content), encoding="utf-8"
    )
    page = report / "index.html"
    page.write_text(templates.get_template("index.html.j2").render(content), encoding="utf-8")
    return page


def _families(
    runs: pd.DataFrame, trajectories: pd.DataFrame, folder: Path, load: str
) -> dict[str, list[dict[str, Any]]]:
    """The figures, drawn and stored, by family."""
    families: dict[str, list[dict[str, Any]]] = {}
    for figure in figures.illustrations(runs, trajectories):
        figures.save(figure.draw(), folder, figure.name)
        families.setdefault(figure.family, []).append(
            {
                "name": figure.name,
                "title": figure.title,
                "caption": figure.caption,
                "code": figure.code.replace(figures.FOLDERS, load),
                "svg": figures.inline(folder / f"{figure.name}.svg", figure.name),
            }
        )
    return families


def _title(runs: pd.DataFrame) -> str:
    names, data = in_order(runs["optimizer"].astype(str)), sorted(runs["dataset"].astype(str).unique())
    who = names[0] if len(names) == 1 else f"{len(names)} optimizers"
    return f"{who} on {words.listed(data) if len(data) <= 3 else f'{len(data)} data sets'}"


def _subtitle(runs: pd.DataFrame) -> str:
    counts = {
        "problem": runs["problem"].nunique(),
        "learning rate": runs["lr"].nunique(),
        "seed": runs["seed"].nunique(),
        "run": len(runs),
    }
    return " · ".join(words.plural(number, noun) for noun, number in counts.items() if number)


def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=lambda name: name is not None and not name.endswith(".md.j2"),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["markdown"] = _markdown
    environment.filters["color"] = lambda name: (
        "currentColor" if look(name).color == INK else look(name).color
    )
    return environment


def _markdown(text: str) -> str:
    """`text` with everything that Markdown or HTML would take for markup."""
    escaped = re.sub(r"([\\`*|\[\]$])|(?<!\w)_|_(?!\w)", r"\\\g<0>", " ".join(str(text).split()))
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
