"""The page: everything the report knows, as one HTML file without network access, and as Markdown."""

import re
import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

import jinja2
import pandas as pd

from optlab.analysis.certificates import with_optimum
from optlab.analysis.comparisons import comparisons
from optlab.analysis.outcomes import METRICS, configured_metric
from optlab.analysis.profiles import algoperf_score
from optlab.analysis.rates import sensitivity
from optlab.analysis.seeds import divided, with_roles
from optlab.analysis.summary import summary
from optlab.analysis.targets import ert, instance_times, times_to_target
from optlab.analysis.trials import tuned
from optlab.analysis.tuning import at_best, settings
from optlab.errors import UserError
from optlab.report import figures, store, tables, words
from optlab.report.findings import findings
from optlab.report.protocol import protocol, provenance
from optlab.report.style import INK, in_order, look

ENDINGS = ("svg", "png", "pdf", "csv", "tex")  # of the files in figures/ and tables/
TARGET_AXES = ("gradient_evals", "step", "epoch")
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


def build(
    results: Results,
    out: Path,
    metric: str | None = None,
    optimum: Mapping[str, float] | None = None,
    tuning_seeds: Iterable[int] | None = None,
    evaluation_seeds: Iterable[int] | None = None,
) -> Path:
    """Write ``out/summary.csv`` and ``out/report/`` and return the path of the page.

    Args:
        results: tables and provenance of one or several result folders.
        out: the folder that receives the report; what an earlier report left there is replaced.
        metric: what optimizers are chosen and ranked by; None: the `objective_metric` of the runs.
        tuning_seeds, evaluation_seeds: what settings are chosen on and judged on (see `seeds.with_roles`).
        optimum: minima of the cost that the user knows, by problem or a part of its name.

    Raises:
        UserError: there are no runs, or no such metric.
    """
    folders = [str(folder) for folder in results.folders]
    if results.runs.empty:
        raise UserError(f"{' '.join(folders)}: has no runs in it; name a folder that optlab has written")
    runs = with_roles(results.runs, tuning_seeds, evaluation_seeds)
    metric = metric or configured_metric(runs)
    if metric not in METRICS:
        raise UserError(f"metric={metric}: there is no such metric; choose from {', '.join(METRICS)}")
    runs = with_optimum(runs, _given(runs, optimum or {}))
    table = summary(runs, results.trajectories, metric)
    report = Path(out) / "report"
    for folder in ("figures", "tables"):
        (report / folder).mkdir(parents=True, exist_ok=True)
        store.remove_earlier(report / folder, ENDINGS)

    shown = tables.shown(table, metric)
    tables.save(table, Path(out), "summary")
    tables.save(settings(runs, metric), report / "tables", "settings")
    tables.save(sensitivity(runs, metric), report / "tables", "sensitivity")
    for number, part in enumerate(shown, start=1):
        tables.save_tex(part, report / "tables" / f"results-{number}.tex")
        tables.save(table[table["problem"] == part.title], report / "tables", f"results-{number}")

    tried, pairs = tuned(runs, metric), comparisons(runs, metric)
    tables.save(tried, report / "tables", "tuning")
    tables.save(pairs, report / "tables", "comparisons")

    chosen = at_best(runs, metric)
    times = {axis: times_to_target(chosen, results.trajectories, axis) for axis in TARGET_AXES}
    for axis, table_of_axis in times.items():
        tables.save(ert(table_of_axis), report / "tables", f"targets-{axis}")
    score = algoperf_score(instance_times(times["gradient_evals"]))

    load = ", ".join(f'"{folder}"' if '"' not in folder else repr(folder) for folder in folders)
    content = {
        "title": _title(runs),
        "subtitle": _subtitle(runs),
        "findings": findings(table, metric),
        "facts": protocol(runs, results.provenance, metric),
        "provenance": provenance(results.provenance),
        "tables": shown,
        "tuning": tables.tuning(tried),
        "targets": tables.targets(ert(times["gradient_evals"]), score),
        "divided": bool(divided(runs).any()),
        "verdicts": tables.verdicts(pairs),
        "families": _families(
            figures.illustrations(runs, results.trajectories, metric), report / "figures", load
        ),
        "command": shlex.join(["optlab-report", *folders]),
    }
    templates = _templates()
    (report / "report.md").write_text(
        templates.get_template("report.md.j2").render(content), encoding="utf-8"
    )
    page = report / "index.html"
    page.write_text(templates.get_template("index.html.j2").render(content), encoding="utf-8")
    return page


def _given(runs: pd.DataFrame, optimum: Mapping[str, float]) -> dict[str, float]:
    """Minima by the full name of their problem."""
    problems = runs["problem"].unique()
    found = {}
    for name, cost in optimum.items():
        meant = [problem for problem in problems if problem == name] or [p for p in problems if name in p]
        if len(meant) != 1:
            raise UserError(
                f"optimum={name}={cost}: {len(meant)} problems are called so; the problems are "
                + "; ".join(problems)
            )
        found[meant[0]] = cost
    return found


def _families(
    illustrations: list[figures.Illustration], folder: Path, load: str
) -> dict[str, list[dict[str, Any]]]:
    """The figures, drawn and stored, by family."""
    store.save_all([(figure.name, figure.draw) for figure in illustrations], folder)
    families: dict[str, list[dict[str, Any]]] = {}
    for figure in illustrations:
        families.setdefault(figure.family, []).append(
            {
                "name": figure.name,
                "title": figure.title,
                "caption": figure.caption,
                "code": figure.code.replace(figures.FOLDERS, load),
                "svg": store.inline(folder / f"{figure.name}.svg", figure.name),
            }
        )
    return families


def _title(runs: pd.DataFrame) -> str:
    names, data = in_order(runs["optimizer"].astype(str)), sorted(runs["data"].astype(str).unique())
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
