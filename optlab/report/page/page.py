"""The page: everything the report knows, as one HTML file without network access, and as Markdown."""

import math
import re
import shlex
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd

from optlab.analysis.comparison.profiles import R_MAX, algoperf_score, score_band
from optlab.analysis.comparison.targets import ert, instance_times, resampled_times
from optlab.analysis.study import Study, study
from optlab.report import words
from optlab.report.drawing import helper, store
from optlab.report.drawing.illustration import FOLDERS, Illustration
from optlab.report.drawing.style import DEFAULT, INK, in_order, look, quoted, style_of
from optlab.report.figures import catalogue as figures
from optlab.report.figures.pictures import hints
from optlab.report.page import across, folders, methods, sections, tables
from optlab.report.page.findings import findings
from optlab.report.page.protocol import protocol, provenance
from optlab.store.results import Results

ENDINGS = ("svg", "png", "pdf", "gif", "csv", "tex")  # of the files in figures/ and tables/
SIGNS = {"em": "*", "code": "`"}  # of Markdown for tags of HTML
TARGET_AXES = ("gradient_evals", "step", "epoch")
TEMPLATES = Path(__file__).parents[1] / "templates"


def build(
    results: Results,
    out: Path,
    metric: str | None = None,
    optimum: Mapping[str, float] | None = None,
    tuning_seeds: Iterable[int] | None = None,
    evaluation_seeds: Iterable[int] | None = None,
    style: str = DEFAULT,
) -> Path:
    """Write ``out/summary.csv`` and ``out/report/`` and return the path of the page.

    Args:
        results: tables and provenance of one or several result folders.
        out: the folder that receives the report; what an earlier report left there is replaced.
        metric: what optimizers are chosen and ranked by; None: the `objective_metric` of the runs.
        tuning_seeds, evaluation_seeds: what settings are chosen on and judged on (see `seeds.with_roles`).
        optimum: minima of the cost that the user knows, by problem or a part of its name.
        style: of the figures, one of `style.STYLES`.

    Raises:
        UserError: there are no runs, a needed column is missing, or there is no such metric or style.
    """
    style_of(style)  # a mistake is told at once
    second_process = helper.call()
    judged = study(results, metric, tuning_seeds, evaluation_seeds, optimum)
    return write(judged, out, style, second_process)


def write(study: Study, out: Path, style: str = DEFAULT, second_process: Any = None) -> Path:
    """`build` for a study: what it tells is stored below `out`; returns the path of the page."""
    runs, metric, drawn_in = study.runs, study.metric, style_of(style)
    report = Path(out) / "report"
    for folder in ("figures", "tables"):
        (report / folder).mkdir(parents=True, exist_ok=True)
        store.remove_earlier(report / folder, ENDINGS)

    pictures = figures.illustrations(study)
    draw = partial(store.draw, folder=report.absolute() / "figures", style=drawn_in)
    finish = helper.begun(second_process, draw, pictures)
    tables.save(study.summary, Path(out), "summary")
    if "folder" in runs:
        tables.save(runs[["run_id", "folder", "problem"]], report / "tables", "folders")
    parts, times = _tables(study, report / "tables")
    parts["setup"] = folders.table(runs)
    finish()
    notes = _notes(study)
    notes["problems"] = across.notes(study.problem_comparison)
    text = methods.methods(runs, study.results.provenance, metric)
    (report / "methods.tex").write_text(methods.latex(text) + "\n", encoding="utf-8")
    (report / "references.bib").write_text(methods.bibliography(text), encoding="utf-8")

    content = {
        "title": _title(runs),
        "subtitle": _subtitle(runs),
        "optimizers": in_order(runs["optimizer"].astype(str)),
        "findings": [*across.findings(study.problem_comparison), *findings(study.summary, metric)],
        "facts": protocol(runs, study.results.provenance, metric),
        "provenance": provenance(study.results.provenance),
        "sections": sections.filled(parts, _families(pictures, report / "figures", study), notes),
        "methods": methods.readable(text),
        "bibliography": methods.bibliography(text),
        "times": times,
        "command": _command(study, style),
    }
    templates = _templates()
    for name in ("report.md", "index.html"):
        page = report / name
        page.write_text(templates.get_template(f"{name}.j2").render(content), encoding="utf-8")
    return page


def _tables(study: Study, folder: Path) -> tuple[dict[str, list[tables.Table]], dict[str, Any]]:
    """All tables, stored and by section of the page; and the times behind the performance profile."""
    summary, compared = study.summary, study.problem_comparison
    times = {axis: study.times(axis) for axis in TARGET_AXES}
    costs = {axis: ert(table) for axis, table in times.items()}
    for name, table in {
        "settings": study.settings,
        "sensitivity": study.sensitivity,
        "tuning": study.tuned,
        "comparisons": study.comparisons,
        **({"problems": compared} if len(compared) else {}),
        **{f"targets-{axis}": table for axis, table in costs.items()},
    }.items():
        tables.save(table, folder, name)
    instances = instance_times(times[TARGET_AXES[0]])
    scores = score_band(resampled_times(times[TARGET_AXES[0]])) if len(instances) else None
    shown = {
        "results": tables.shown(summary, study.metric),
        "problems": across.tables(compared),
        "comparisons": [table for table in tables.verdicts(study.comparisons) if table.rows],
        "tuning": tables.tuning(study.tuned),
        "targets": tables.targets(costs[TARGET_AXES[0]], algoperf_score(instances), scores),
    }
    for name, parts in shown.items():
        for number, part in enumerate(parts, start=1):
            tables.save_tex(part, folder / f"{name}-{number}.tex")
    for number, part in enumerate(shown["results"], start=1):
        tables.save(summary[summary["problem"] == part.title], folder, f"results-{number}")
    rows = [[time if math.isfinite(time) else None for time in row] for row in instances.to_numpy(float)]
    return shown, {"optimizers": [quoted(name) for name in instances], "times": rows, "limit": R_MAX}


def _notes(study: Study) -> dict[str, list[str]]:
    """Lines of warning by section."""
    results, runs = study.results, study.runs
    notes = {"setup": folders.apart(runs), "learned": hints(results, runs, study.metric)}
    left_out = results.left_out
    if left_out:
        notes["setup"].append(f"Left out, for it could not be read: {'; '.join(map(str, left_out))}.")
    if results.provenance and results.provenance.get("finished", "") is None:
        notes["setup"].append("The sweep had not ended when this report was made: runs may be missing.")
    for name, missing in study.missing.items():
        lacking = words.listed(missing)
        notes["setup"].append(f"The table of {name} has no column {lacking}: what depends on it is left out.")
    if len(study.optimizers) == 1:
        notes["comparisons"] = ["There is only one optimizer."]
    notes["tuning"] = [
        "The setting of every optimizer was chosen on the tuning seeds and is judged on the evaluation "
        "seeds, which are others."
        if study.divided.any()
        else "The seeds were not divided: settings were chosen on the runs that they are judged on."
    ]
    return notes


def _command(study: Study, style: str) -> str:
    """The command that makes the same report again, without the options that have their defaults."""
    words = ["optlab-report", *map(str, study.results.folders)]
    for name, value in {**study.asked, **({} if style == DEFAULT else {"style": style})}.items():
        values = [value]
        if isinstance(value, Mapping):
            values = [f"{problem}={cost!r}" if problem else repr(cost) for problem, cost in value.items()]
        elif isinstance(value, list):
            values = [",".join(map(str, value))]
        words += [f"--{name.replace('_', '-')}={text}" for text in values]
    return shlex.join(words)


def _families(
    illustrations: list[Illustration], folder: Path, study: Study
) -> dict[str, list[dict[str, Any]]]:
    """The stored figures as the page shows them, by section."""
    named = map(str, study.results.folders)
    load = ", ".join(f'"{name}"' if '"' not in name else repr(name) for name in named)
    families: dict[str, list[dict[str, Any]]] = {}
    for figure in illustrations:
        families.setdefault(figure.family, []).append(
            {
                "name": figure.name,
                "title": figure.title,
                "caption": figure.caption,
                "code": figure.code.replace(FOLDERS, load),
                "html": figure.write(folder) if figure.write else "",
                "svg": "" if figure.write else store.inline(folder / f"{figure.name}.svg", figure.name),
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
    environment.filters["prose"] = lambda html: re.sub(r"</?(em|code)>", lambda m: SIGNS[m[1]], html)
    environment.filters["mark"] = quoted
    environment.filters["owners"] = lambda row: " ".join(quoted(name) for cell in row for name in cell.of)
    environment.filters["color"] = lambda name: (
        "currentColor" if look(name).color == INK else look(name).color
    )
    return environment


def _markdown(text: str) -> str:
    """`text` with everything that Markdown or HTML would take for markup."""
    escaped = re.sub(r"([\\`*|\[\]$])|(?<!\w)_|_(?!\w)", r"\\\g<0>", " ".join(str(text).split()))
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
