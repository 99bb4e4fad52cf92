"""The page: everything the report knows, as one HTML file without network access, and as Markdown."""

import math
import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import jinja2
import pandas as pd

from optlab.analysis.choice.rates import sensitivity
from optlab.analysis.choice.trials import tuned
from optlab.analysis.choice.tuning import at_best, settings
from optlab.analysis.comparison.comparisons import comparisons
from optlab.analysis.comparison.problem_comparison import problem_comparison
from optlab.analysis.comparison.profiles import R_MAX, algoperf_score, score_band
from optlab.analysis.comparison.summary import summary
from optlab.analysis.comparison.targets import ert, instance_times, resampled_times, times_to_target
from optlab.analysis.optimum.certificates import splits_vary, with_optimum
from optlab.analysis.problem.outcomes import METRICS, configured_metric
from optlab.analysis.problem.seeds import divided, with_roles
from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.report import words
from optlab.report.drawing import helper, store
from optlab.report.drawing.illustration import FOLDERS, Illustration
from optlab.report.drawing.style import DEFAULT, INK, in_order, look, quoted, style_of
from optlab.report.figures import catalogue as figures
from optlab.report.figures.pictures import hints
from optlab.report.page import across, folders, methods, sections, tables
from optlab.report.page.complete import complete
from optlab.report.page.findings import findings
from optlab.report.page.protocol import protocol, provenance

ENDINGS = ("svg", "png", "pdf", "gif", "csv", "tex")  # of the files in figures/ and tables/
SIGNS = {"em": "*", "code": "`"}  # of Markdown for tags of HTML
TARGET_AXES = ("gradient_evals", "step", "epoch")
TEMPLATES = Path(__file__).parents[1] / "templates"


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
    def parameters(self, run_id: str) -> Array: ...


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
    named = [str(folder) for folder in results.folders]
    if results.runs.empty:
        raise UserError(f"{' '.join(named)}: has no runs in it; name a folder that optlab has written")
    complete_runs, lacking = complete(results.runs, "runs", named)
    trajectories, more = complete(results.trajectories, "trajectories", named)
    results = replace(results, runs=complete_runs, trajectories=trajectories)  # type: ignore[type-var]
    runs = folders.with_folders(complete_runs, results.folders)
    first, second = (None if s is None else sorted(set(s)) for s in (tuning_seeds, evaluation_seeds))
    runs = with_roles(runs, first, second)
    asked, metric = metric, metric or configured_metric(runs)
    if metric not in METRICS:
        raise UserError(f"metric={metric}: there is no such metric; choose from {', '.join(METRICS)}")
    drawn_in = style_of(style)
    second_process = helper.call()
    runs = with_optimum(runs, _given(runs, optimum or {}))
    if not asked and metric == "final_train_cost" and splits_vary(runs):
        metric = "final_gap"  # each split of the data has a cost of its own
    report = Path(out) / "report"
    for folder in ("figures", "tables"):
        (report / folder).mkdir(parents=True, exist_ok=True)
        store.remove_earlier(report / folder, ENDINGS)

    pictures = figures.illustrations(results, runs, metric)
    draw = partial(store.draw, folder=report.absolute() / "figures", style=drawn_in)
    finish = helper.begun(second_process, draw, pictures)
    table = summary(runs, trajectories, metric)
    tables.save(table, Path(out), "summary")
    if "folder" in runs:
        tables.save(runs[["run_id", "folder", "problem"]], report / "tables", "folders")
    compared = problem_comparison(results, runs, metric)
    parts, times = _tables(runs, trajectories, table, compared, metric, report / "tables")
    parts["setup"] = folders.table(runs)
    finish()
    notes = _notes(results, runs, metric)
    notes["setup"] += [*lacking, *more]
    notes["problems"] = across.notes(compared)
    text = methods.methods(runs, results.provenance, metric)
    (report / "methods.tex").write_text(methods.latex(text) + "\n", encoding="utf-8")
    (report / "references.bib").write_text(methods.bibliography(text), encoding="utf-8")

    content = {
        "title": _title(runs),
        "subtitle": _subtitle(runs),
        "optimizers": in_order(runs["optimizer"].astype(str)),
        "findings": [*across.findings(compared), *findings(table, metric)],
        "facts": protocol(runs, results.provenance, metric),
        "provenance": provenance(results.provenance),
        "sections": sections.filled(parts, _families(pictures, report / "figures", named), notes),
        "methods": methods.readable(text),
        "bibliography": methods.bibliography(text),
        "times": times,
        "command": _command(
            named, metric=asked, optimum=optimum, tuning_seeds=first, evaluation_seeds=second, style=style
        ),
    }
    templates = _templates()
    for name in ("report.md", "index.html"):
        page = report / name
        page.write_text(templates.get_template(f"{name}.j2").render(content), encoding="utf-8")
    return page


def _tables(
    runs: pd.DataFrame,
    trajectories: pd.DataFrame,
    summary: pd.DataFrame,
    compared: pd.DataFrame,
    metric: str,
    folder: Path,
) -> tuple[dict[str, list[tables.Table]], dict[str, Any]]:
    """All tables, stored and by section of the page; and the times behind the performance profile."""
    tried, pairs, chosen = tuned(runs, metric), comparisons(runs, metric), at_best(runs, metric)
    times = {axis: times_to_target(chosen, trajectories, axis) for axis in TARGET_AXES}
    costs = {axis: ert(table) for axis, table in times.items()}
    for name, table in {
        "settings": settings(runs, metric),
        "sensitivity": sensitivity(runs, metric),
        "tuning": tried,
        "comparisons": pairs,
        **({"problems": compared} if len(compared) else {}),
        **{f"targets-{axis}": table for axis, table in costs.items()},
    }.items():
        tables.save(table, folder, name)
    instances = instance_times(times[TARGET_AXES[0]])
    scores = score_band(resampled_times(times[TARGET_AXES[0]])) if len(instances) else None
    shown = {
        "results": tables.shown(summary, metric),
        "problems": across.tables(compared),
        "comparisons": [table for table in tables.verdicts(pairs) if table.rows],
        "tuning": tables.tuning(tried),
        "targets": tables.targets(costs[TARGET_AXES[0]], algoperf_score(instances), scores),
    }
    for name, parts in shown.items():
        for number, part in enumerate(parts, start=1):
            tables.save_tex(part, folder / f"{name}-{number}.tex")
    for number, part in enumerate(shown["results"], start=1):
        tables.save(summary[summary["problem"] == part.title], folder, f"results-{number}")
    rows = [[time if math.isfinite(time) else None for time in row] for row in instances.to_numpy(float)]
    return shown, {"optimizers": [quoted(name) for name in instances], "times": rows, "limit": R_MAX}


def _notes(results: Results, runs: pd.DataFrame, metric: str) -> dict[str, list[str]]:
    """Lines of warning by section."""
    left_out = tuple(getattr(results, "left_out", ()))
    notes = {"setup": folders.apart(runs), "learned": hints(results, runs, metric)}
    if left_out:
        notes["setup"].append(f"Left out, for it could not be read: {'; '.join(map(str, left_out))}.")
    if results.provenance and results.provenance.get("finished", "") is None:
        notes["setup"].append("The sweep had not ended when this report was made: runs may be missing.")
    if runs["optimizer"].nunique() == 1:
        notes["comparisons"] = ["There is only one optimizer."]
    notes["tuning"] = [
        "The setting of every optimizer was chosen on the tuning seeds and is judged on the evaluation "
        "seeds, which are others."
        if divided(runs).any()
        else "The seeds were not divided: settings were chosen on the runs that they are judged on."
    ]
    return notes


def _command(folders: list[str], **options: Any) -> str:
    """The command that makes the same report again, without the options that have their defaults."""
    named = ["optlab-report", *folders]
    for name, value in options.items():
        if value is None or value == {} or value == DEFAULT:
            continue
        values = [value]
        if isinstance(value, Mapping):
            values = [f"{problem}={cost!r}" if problem else repr(cost) for problem, cost in value.items()]
        elif isinstance(value, list):
            values = [",".join(map(str, value))]
        named += [f"--{name.replace('_', '-')}={text}" for text in values]
    return shlex.join(named)


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
    illustrations: list[Illustration], folder: Path, named: list[str]
) -> dict[str, list[dict[str, Any]]]:
    """The stored figures as the page shows them, by section."""
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
