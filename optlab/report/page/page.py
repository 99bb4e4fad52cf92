"""The page: everything the report knows, as one HTML file without network access, and as Markdown.

results -> study -> figures and tables -> findings, facts and methods in words -> page
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from optlab.analysis.flags import flags
from optlab.analysis.study import Study, study
from optlab.report.drawing import helper
from optlab.report.drawing.style import DEFAULT, in_order, style_of
from optlab.report.page import figures, files, heading, methods, problems
from optlab.report.page.answers import answers
from optlab.report.page.chooser import chooser
from optlab.report.page.command import command
from optlab.report.page.findings import findings
from optlab.report.page.flags import sentences
from optlab.report.page.protocol import protocol, provenance
from optlab.report.page.render import render
from optlab.report.page.sections import sections
from optlab.store.read import Results


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
    helper.call()  # it starts up while this process does
    return write(study(results, metric, tuning_seeds, evaluation_seeds, optimum), out, style)


def write(study: Study, out: Path, style: str = DEFAULT) -> Path:
    """Write the report of a study, see `build`."""
    report = Path(out) / "report"
    files.empty_folder(report)
    finish = figures.begin(study, report.absolute() / "figures", style)
    parts = sections(study)
    files.write_tables(study, parts, Path(out))
    drawn = finish()
    paragraph = methods.methods(study)
    files.write_methods(paragraph, report)
    files.write_checklist(study, report)
    found = findings(study)
    content = {
        "title": heading.title(study),
        "subtitle": heading.subtitle(study),
        "optimizers": in_order(study.optimizers),
        "flags": sentences(flags(study)),
        "answers": answers(study, found),
        "findings": [*problems.findings(study.problem_comparison), *found],
        "facts": protocol(study),
        "provenance": provenance(study.results.provenance),
        "sections": figures.with_figures(parts, drawn, report / "figures", study, style),
        "methods": methods.readable(paragraph),
        "bibliography": methods.bibliography(paragraph),
        "times": chooser(study),
        "command": command(study, style),
    }
    return render(content, report)
