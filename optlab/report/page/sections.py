"""The sections of the page, in their order.

A section with text, tables or notes has a file of its own. Figures join the section that they name.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from optlab.analysis.study import Study
from optlab.report.page import comparisons, learned, problems, results, setup, targets, tuning
from optlab.report.page.section import Section

ALWAYS = ("findings", "setup", "paper", "rebuild")  # what they hold stands in the templates


def sections(study: Study) -> list[Section]:
    """All sections, without figures."""
    return [
        Section("findings", "Findings"),
        setup.section(study),
        results.section(study),
        problems.section(study),
        Section("convergence", "Convergence", tabs=True),
        comparisons.section(study),
        tuning.section(study),
        targets.section(study),
        Section("sensitivity", "Learning rates"),
        Section("final", "Final values"),
        learned.section(study),
        Section("paper", "For the paper"),
        Section("rebuild", "Rebuild"),
    ]


def with_figures(
    sections: Sequence[Section], figures: Mapping[str, Sequence[dict[str, Any]]]
) -> list[Section]:
    """Those of the sections that have something to say, with their figures."""
    missing = figures.keys() - {section.name for section in sections}
    assert not missing, f"no section for the figures of {missing}: add it to `sections`"
    complete = [section._replace(figures=tuple(figures.get(section.name, ()))) for section in sections]
    return [s for s in complete if s.name in ALWAYS or s.tables or s.figures or s.notes]
